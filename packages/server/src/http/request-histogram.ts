import {
  Histogram,
  type HistogramConfiguration,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from '@prometheus-io/client';

export interface ObservedRequest {
  method: string;
  /** The pattern of the path, never the path itself: that one holds ids. */
  route: string;
  status: number;
  durationMs: number;
}

type Label = 'method' | 'route' | 'status';
type Value = MetricValueWithName<Label | 'le'>;
type Values = MetricObjectWithValues<Value>;

interface Series {
  labels: Record<Label, string>;
  /** How many requests took up to the bound of the same index, and no less than the one before. */
  counts: number[];
  count: number;
  sum: number;
}

const boundsSeconds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/**
 * The client's histogram with counting of its own: `observe` builds and checks labels for each request, which is more
 * than a verification has to spare. Here a request is a look-up and three additions.
 */
export class RequestHistogram extends Histogram<Label | 'le'> {
  readonly #name: string;
  readonly #series = new Map<string, Series>();

  constructor(configuration: Omit<HistogramConfiguration<Label>, 'labelNames' | 'buckets'>) {
    super({ ...configuration, labelNames: ['method', 'route', 'status'], buckets: boundsSeconds });
    this.#name = configuration.name;
  }

  add({ method, route, status, durationMs }: ObservedRequest): void {
    const id = `${method} ${route} ${status}`;
    const series = this.#series.get(id) ?? this.#open(id, { method, route, status: String(status) });
    const seconds = durationMs / 1000;
    const index = boundsSeconds.findIndex((bound) => seconds <= bound);
    if (index >= 0) series.counts[index] = (series.counts[index] ?? 0) + 1;
    series.count++;
    series.sum += seconds;
  }

  #open(id: string, labels: Series['labels']): Series {
    const series = { labels, counts: boundsSeconds.map(() => 0), count: 0, sum: 0 };
    this.#series.set(id, series);
    return series;
  }

  override async get(): Promise<Values> {
    const values = [...this.#series.values()].flatMap((series) => this.#valuesOf(series));
    return { ...(await super.get()), values };
  }

  /** What the registry prefers to `get` when it writes text. */
  getForPromString(): Promise<Values> {
    return this.get();
  }

  #valuesOf({ labels, counts, count, sum }: Series): Value[] {
    let below = 0;
    const buckets = boundsSeconds.map((bound, index) => {
      below += counts[index] ?? 0;
      return this.#bucket(labels, bound, below);
    });
    return [
      ...buckets,
      this.#bucket(labels, '+Inf', count),
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: count },
    ];
  }

  #bucket(labels: Series['labels'], le: number | string, value: number): Value {
    return { metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value };
  }
}
