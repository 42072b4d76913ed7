import type { Propagation } from '@keywright/contract';

/** How far a change that takes power away has come, as the end of a sentence. */
export function describePropagation({ nodes, acknowledged, elapsedMs }: Propagation): string {
  const how =
    acknowledged === nodes
      ? `${nodes === 1 ? 'the node' : `all ${nodes} nodes`} said so`
      : 'the leases of the rest ended';
  return `dead on every node after ${Math.round(elapsedMs)} ms (${how})`;
}
