import { Outlet } from '@tanstack/react-router';
import { ConnectionBanner } from './connection-banner.tsx';
import { Gates } from './gates.tsx';
import { UnsaidFailure } from './unsaid-failure.tsx';

export function Root() {
  return (
    <>
      <ConnectionBanner />
      <Outlet />
      <Gates />
      <UnsaidFailure />
    </>
  );
}
