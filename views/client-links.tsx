import { Phrase } from './phrase.tsx';
import { safeUrl } from './safe-url.ts';
import type { ClientSummary } from './site.ts';

const text = { policy: 'Privacy policy', terms: 'Terms of service', of: '{link} of {client}' };

function ClientLink({ url, label, client }: { url: string | undefined; label: string; client: string }) {
  const href = safeUrl(url);
  if (!href) return null;
  const link = (
    <a href={href} rel="noreferrer">
      {label}
    </a>
  );
  return (
    <li>
      <Phrase text={text.of} with={{ link, client: <bdi>{client}</bdi> }} />
    </li>
  );
}

/** The client's own policy and terms, where it registered any (OpenID Connect Registration §2). */
export function ClientLinks({ client }: { readonly client: ClientSummary }) {
  if (!safeUrl(client.policyUri) && !safeUrl(client.tosUri)) return null;
  return (
    <ul class="fine-print">
      <ClientLink url={client.policyUri} label={text.policy} client={client.name} />
      <ClientLink url={client.tosUri} label={text.terms} client={client.name} />
    </ul>
  );
}
