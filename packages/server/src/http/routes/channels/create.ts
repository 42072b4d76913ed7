import { endpoints } from '@keywright/contract';
import { createChannel } from '../../../channels/create-channel.ts';
import { route } from '../../route.ts';

export const createChannelRoute = route(endpoints.createChannel, ({ context, caller, params, body }) =>
  createChannel(context, caller, params.projectId, body),
);
