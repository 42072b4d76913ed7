import { endpoints } from '@keywright/contract';
import { getMe } from '../../../accounts/get-me.ts';
import { route } from '../../route.ts';

export const getMeRoute = route(endpoints.getMe, ({ context, caller }) => getMe(context, caller));
