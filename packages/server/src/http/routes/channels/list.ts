import { endpoints } from '@keywright/contract';
import { listChannels } from '../../../channels/list-channels.ts';
import { route } from '../../route.ts';

export const listChannelsRoute = route(endpoints.listChannels, ({ context, caller, params, query }) =>
  listChannels(context, caller, params.projectId, query),
);
