import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { lookAgainOnFocus } from './api/look-again.ts';
import { queryClient } from './api/queries.ts';
import { router } from './router.tsx';
import { loadCatalogue } from './text/catalogue.ts';
import { ThemeProvider } from './theme/theme.tsx';
import { keepFocus } from './ui/keep-focus.ts';
import './index.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

lookAgainOnFocus();
keepFocus();
loadCatalogue().then(
  () => createRoot(root).render(<Console />),
  () => {
    // There are no other words yet.
    root.textContent = 'Keywright could not be loaded. Check your connection and reload the page.';
  },
);

function Console() {
  return (
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <ThemeProvider>
            <RouterProvider router={router} />
          </ThemeProvider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>
  );
}
