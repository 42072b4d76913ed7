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
type Configuration = Omit<HistogramConfiguration<Label>, 'labelNames' | 'buckets'>;
type Values = MetricObjectWithValues<Value>;

interface Series {
  status: number;
  labels: Record<Label, string>;
  /** How many requests took longer than the bound before and no longer than their own; the last has no bound. */
  counts: number[];
  /** Seconds. */
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
  readonly #configuration: Configuration;
  readonly #seriesByRoute = new Map<string, Series[]>();

  constructor(configuration: Configuration) {
    super({ ...configuration, labelNames: ['method', 'route', 'status'], buckets: boundsSeconds });
    this.#configuration = configuration;
  }

  add({ method, route, status, durationMs }: ObservedRequest): void {
    const series = this.#find(method, route, status);
    const seconds = durationMs / 1000;
    let index = 0;
    while (seconds > (boundsSeconds[index] ?? Number.POSITIVE_INFINITY)) index++;
    series.counts[index] = (series.counts[index] ?? 0) + 1;
    series.sum += seconds;
  }

  #find(method: string, route: string, status: number): Series {
    let ofRoute = this.#seriesByRoute.get(route);
    if (ofRoute === undefined) {
      ofRoute = [];
      this.#seriesByRoute.set(route, ofRoute);
    }
    for (const series of ofRoute) {
      if (series.status === status && series.labels.method === method) return series;
    }
    const labels = { method, route, status: String(status) };
    const series = {
      status,
      labels,
      counts: [...boundsSeconds, Number.POSITIVE_INFINITY].map(() => 0),
      sum: 0,
    };
    ofRoute.push(series);
    return series;
  }

  override async get(): Promise<Values> {
    const values = [...this.#seriesByRoute.values()].flat().flatMap((series) => this.#valuesOf(series));
    const { name, help } = this.#configuration;
    return { name, help, type: 'histogram', aggregator: 'sum', collect: () => undefined, values };
  }

  /** What the registry asks for text, instead of `get`. */
  getForPromString(): Promise<Values> {
    return this.get();
  }

  #valuesOf({ labels, counts, sum }: Series): Value[] {
    let count = 0;
    const buckets = counts.map((inBucket, index): Value => {
      count += inBucket;
      const le = boundsSeconds[index] ?? '+Inf';
      return { metricName: `${this.#configuration.name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.#configuration.name}_sum`, labels, value: sum },
      { metricName: `${this.#configuration.name}_count`, labels, value: count },
    ];
  }
}
