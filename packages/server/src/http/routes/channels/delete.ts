import { endpoints } from '@keywright/contract';
import { deleteChannel } from '../../../channels/delete-channel.ts';
import { route } from '../../route.ts';

export const deleteChannelRoute = route(endpoints.deleteChannel, async ({ context, caller, params }) => ({
  propagation: await deleteChannel(context, caller, params.channelId),
}));
