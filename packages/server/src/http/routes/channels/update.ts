import { endpoints } from '@keywright/contract';
import { updateChannel } from '../../../channels/update-channel.ts';
import { route } from '../../route.ts';

export const updateChannelRoute = route(endpoints.updateChannel, ({ context, caller, params, body }) =>
  updateChannel(context, caller, params.channelId, body),
);
