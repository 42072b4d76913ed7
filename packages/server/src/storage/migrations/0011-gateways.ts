import type { Engine } from '../engine.ts';
import { types } from './types.ts';

/** What gateways let through at a channel (null: as a new channel has it), and which request a refusal was for. */
export function gateways(engine: Engine): string[] {
  const { text } = types[engine];
  return [
    `ALTER TABLE channels ADD COLUMN gateway ${text}`,
    `ALTER TABLE refusals ADD COLUMN method ${text}`,
    `ALTER TABLE refusals ADD COLUMN path ${text}`,
  ];
}
