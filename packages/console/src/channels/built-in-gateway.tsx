import type { Channel } from '@keywright/contract';
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
  const address = gatewayAddress(slug);
  return (
    <Section title={t('front.built-in')} text={t('front.built-in.hint')}>
      <div className="flex flex-col gap-4">
        {upstream === null ? (
          <NoUpstream text={t('front.needsUpstream')} onEdit={onEdit} />
        ) : (
          <p>{t('front.passesOn', { from: address, to: upstream.replace(/\/?$/, '/') })}</p>
        )}
        <CodeFile name={t('front.tryGateway')} text={writeCurl(address, gateway.credentials)} />
        <p className="rounded-xl bg-sunken px-4 py-3 text-[0.8125rem]">{t('front.gatewayPort')}</p>
      </div>
    </Section>
  );
}
