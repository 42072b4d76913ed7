import type { Channel } from '@keywright/contract';
import { useProject } from '../shell/project.tsx';
import { useText } from '../text/text.tsx';
import { Section } from '../ui/section.tsx';
import { CodeFile } from './code-file.tsx';
import { NoUpstream } from './front-notes.tsx';
import { writeCurl } from './front-values.ts';
import { gatewayAddress } from './gateway-address.ts';

interface BuiltInGatewayProps {
  channel: Channel;
  onEdit(): void;
}

/** No proxy at all: this server passes requests on by itself. */
export function BuiltInGateway({ channel, onEdit }: BuiltInGatewayProps) {
  const t = useText();
  const { slug, upstream, gateway } = channel;
  const { me } = useProject();
  const address = gatewayAddress(me.gateways, slug);
  return (
    <Section title={t('front.built-in')} text={t('front.built-in.hint')}>
      <div className="flex flex-col gap-4">
        {address === null ? (
          <p>{t('front.gatewayOff')}</p>
        ) : upstream === null ? (
          <NoUpstream text={t('front.needsUpstream')} onEdit={onEdit} />
        ) : (
          <p>{t('front.passesOn', { from: address, to: upstream.replace(/\/?$/, '/') })}</p>
        )}
        {address !== null && (
          <CodeFile name={t('front.tryGateway')} text={writeCurl(address, gateway.credentials)} />
        )}
      </div>
    </Section>
  );
}
