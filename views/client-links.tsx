import { useMessages } from './look.ts';
import { safeUrl } from './safe-url.ts';
import type { ClientSummary } from './site.ts';

/** The client's own policy and terms, where it registered any (OpenID Connect Registration §2). */
export function ClientLinks({ client }: { readonly client: ClientSummary }) {
  const common = useMessages('common');
  const name = { client: <bdi>{client.name}</bdi> };
  const links = [
    { url: client.policyUri, words: common.policyOf(name) },
    { url: client.tosUri, words: common.termsOf(name) },
  ].flatMap(({ url, words }) => {
    const href = safeUrl(url);
    return href === undefined ? [] : [{ href, words }];
  });
  if (links.length === 0) return null;
  return (
    <ul class="fine-print">
      {links.map(({ href, words }) => (
        <li key={href}>
          <a href={href} rel="noreferrer">
            {words}
          </a>
        </li>
      ))}
    </ul>
  );
}
