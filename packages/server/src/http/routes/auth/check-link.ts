import { checkedLink, checkLinkBody } from '@keywright/contract';
import { checkLink } from '../../../accounts/check-link.ts';
import { authRoute } from '../../auth-route.ts';

export const checkLinkRoute = authRoute(
  { method: 'POST', path: '/check-link', body: checkLinkBody, answer: checkedLink },
  async ({ services, visit, body }) => ({ answer: await checkLink(services, visit.address, body) }),
);
