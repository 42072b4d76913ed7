import type { ChannelPartProps } from './channel-page-search.ts';

export function FrontRecipes({ channel }: ChannelPartProps) {
  return <p>{channel.slug}</p>;
}
