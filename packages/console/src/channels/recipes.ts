import apisix from '../../../../docs/gateways/apisix.yaml?raw';
import caddy from '../../../../docs/gateways/Caddyfile?raw';
import envoy from '../../../../docs/gateways/envoy.yaml?raw';
import haproxy from '../../../../docs/gateways/haproxy.cfg?raw';
import ingressNginx from '../../../../docs/gateways/ingress-nginx.yaml?raw';
import lua from '../../../../docs/gateways/keywright.lua?raw';
import nginx from '../../../../docs/gateways/nginx.conf?raw';
import traefik from '../../../../docs/gateways/traefik.yaml?raw';
import type { Front } from './channel-page-search.ts';

interface RecipeFile {
  name: string;
  /** With the values of the example in it. */
  text: string;
}

/** The ready-made configurations, as they stand in the documentation. */
export const recipes: Readonly<Record<Exclude<Front, 'built-in'>, readonly RecipeFile[]>> = {
  nginx: [{ name: 'nginx.conf', text: nginx }],
  caddy: [{ name: 'Caddyfile', text: caddy }],
  haproxy: [
    { name: 'haproxy.cfg', text: haproxy },
    { name: 'keywright.lua', text: lua },
  ],
  traefik: [{ name: 'traefik.yaml', text: traefik }],
  envoy: [{ name: 'envoy.yaml', text: envoy }],
  apisix: [{ name: 'apisix.yaml', text: apisix }],
  'ingress-nginx': [{ name: 'ingress-nginx.yaml', text: ingressNginx }],
};
