import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { accountSearch } from './account/account-search.ts';
import { accountsSearch } from './accounts/accounts-search.ts';
import { activitySearch } from './activity/activity-search.ts';
import { meQuery, publicInstanceQuery, queryClient, sessionQuery } from './api/queries.ts';
import { channelPageSearch } from './channels/channel-page-search.ts';
import { channelsSearch } from './channels/channels-search.ts';
import { keyListSearch } from './keys/key-list-search.ts';
import { keyPageSearch } from './keys/key-page-search.ts';
import { membersSearch } from './members/members-search.ts';
import { projectsSearch } from './projects/projects-search.ts';
import { settingsSearch } from './settings/settings-search.ts';
import { AppShell } from './shell/app-shell.tsx';
import { loadPage } from './shell/load-page.ts';
import { NotFound } from './shell/not-found.tsx';
import { projectSearch } from './shell/project-search.ts';
import { Root } from './shell/root.tsx';
import { RouteError } from './shell/route-error.tsx';
import { PublicShell } from './sign-in/public-shell.tsx';
import { signInSearch } from './sign-in/sign-in-search.ts';
import { usageSearch } from './usage/usage-search.ts';

const rootRoute = createRootRoute({ component: Root, notFoundComponent: NotFound });

/** For who is not signed in, or whoever follows a link. */
const publicRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'public',
  component: PublicShell,
  loader: () => queryClient.ensureQueryData(publicInstanceQuery),
  errorComponent: RouteError,
});

const signInRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./sign-in/sign-in-page.tsx')),
    'SignInPage',
  ),
});

const signUpRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/sign-up',
  component: lazyRouteComponent(
    loadPage(() => import('./sign-in/sign-up-page.tsx')),
    'SignUpPage',
  ),
});

const setUpRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/setup',
  component: lazyRouteComponent(
    loadPage(() => import('./sign-in/set-up-page.tsx')),
    'SetUpPage',
  ),
});

const inviteRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/invite',
  component: lazyRouteComponent(
    loadPage(() => import('./sign-in/invite-page.tsx')),
    'InvitePage',
  ),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(
    loadPage(() => import('./sign-in/forgot-password-page.tsx')),
    'ForgotPasswordPage',
  ),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/reset-password',
  component: lazyRouteComponent(
    loadPage(() => import('./sign-in/reset-password-page.tsx')),
    'ResetPasswordPage',
  ),
});

const confirmEmailRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/confirm-email',
  component: lazyRouteComponent(
    loadPage(() => import('./sign-in/confirm-email-page.tsx')),
    'ConfirmEmailPage',
  ),
});

/** For who is signed in, in a project: `?project=` names it. */
const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  validateSearch: projectSearch,
  beforeLoad: async ({ location }) => {
    const { account } = await queryClient.ensureQueryData(sessionQuery);
    if (account === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
  },
  loader: () => queryClient.ensureQueryData(meQuery),
  component: AppShell,
  errorComponent: RouteError,
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/apikeys', search });
  },
});

const keysRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/apikeys',
  validateSearch: keyListSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./keys/keys-page.tsx')),
    'KeysPage',
  ),
});

const keyRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/apikeys/$keyId',
  validateSearch: keyPageSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./keys/key-page.tsx')),
    'KeyPage',
  ),
});

const channelsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/channels',
  validateSearch: channelsSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./channels/channels-page.tsx')),
    'ChannelsPage',
  ),
});

const channelRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/channels/$channelId',
  validateSearch: channelPageSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./channels/channel-page.tsx')),
    'ChannelPage',
  ),
});

const usageRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/usage',
  validateSearch: usageSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./usage/usage-page.tsx')),
    'UsagePage',
  ),
});

const activityRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/activity',
  validateSearch: activitySearch,
  component: lazyRouteComponent(
    loadPage(() => import('./activity/activity-page.tsx')),
    'ActivityPage',
  ),
});

const membersRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/members',
  validateSearch: membersSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./members/members-page.tsx')),
    'MembersPage',
  ),
});

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./settings/settings-page.tsx')),
    'SettingsPage',
  ),
});

const newProjectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/projects/new',
  component: lazyRouteComponent(
    loadPage(() => import('./settings/new-project-page.tsx')),
    'NewProjectPage',
  ),
});

const projectsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/projects',
  validateSearch: projectsSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./projects/projects-page.tsx')),
    'ProjectsPage',
  ),
});

const accountsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/accounts',
  validateSearch: accountsSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./accounts/accounts-page.tsx')),
    'AccountsPage',
  ),
});

const accountRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/account',
  validateSearch: accountSearch,
  component: lazyRouteComponent(
    loadPage(() => import('./account/account-page.tsx')),
    'AccountPage',
  ),
});

const routeTree = rootRoute.addChildren([
  publicRoute.addChildren([
    signInRoute,
    signUpRoute,
    setUpRoute,
    inviteRoute,
    forgotPasswordRoute,
    resetPasswordRoute,
    confirmEmailRoute,
  ]),
  appRoute.addChildren([
    homeRoute,
    keysRoute,
    keyRoute,
    channelsRoute,
    channelRoute,
    usageRoute,
    activityRoute,
    membersRoute,
    settingsRoute,
    newProjectRoute,
    projectsRoute,
    accountsRoute,
    accountRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: RouteError,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
