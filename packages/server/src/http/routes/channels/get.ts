import { endpoints } from '@keywright/contract';
import { getChannel } from '../../../channels/get-channel.ts';
import { route } from '../../route.ts';

export const getChannelRoute = route(endpoints.getChannel, ({ context, caller, params }) =>
  getChannel(context, caller, params.channelId),
);
