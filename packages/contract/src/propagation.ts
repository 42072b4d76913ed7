import { z } from 'zod';

/** How far a change that takes power away has come when it is answered: it has reached every node that answers. */
export const propagation = z.object({
  nodes: z.number().int().meta({ description: 'nodes that were running when the change was committed' }),
  acknowledged: z.number().int().meta({
    description:
      'of these, the ones that said that they applied it; the others can no longer answer from memory',
  }),
  elapsedMs: z.number().meta({ description: 'milliseconds between commit and answer' }),
});
export type Propagation = z.infer<typeof propagation>;

export const deleted = z.object({ propagation });
