import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { safeUrl } from '../safe-url.ts';
import { sitePaths } from '../site.ts';

export type SignedOutPageProps = {
  readonly outcome: 'signed_out' | 'stayed';
  readonly client?: { readonly name: string; readonly url?: string | undefined } | undefined;
};

/** Where a logout ends when the client named no registered `post_logout_redirect_uri`. */
export function SignedOutPage({ outcome, client }: SignedOutPageProps) {
  const text = useMessages('signedOut');
  const common = useMessages('common');
  const back = safeUrl(client?.url);
  return (
    <CardPage title={text.title[outcome]}>
      <h1>{text.title[outcome]}</h1>
      <p class="lead">{text.body[outcome]}</p>
      <p class="card-buttons">
        {client && back && (
          <a class="button" href={back}>
            {common.backTo({ client: <bdi>{client.name}</bdi> })}
          </a>
        )}
        <a class="button button-quiet" href={outcome === 'stayed' ? sitePaths.account : sitePaths.home}>
          {outcome === 'stayed' ? common.toAccount : common.toStart}
        </a>
      </p>
    </CardPage>
  );
}
