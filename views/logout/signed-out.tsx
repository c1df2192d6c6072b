import { CardPage } from '../layout.tsx';
import { Phrase } from '../phrase.tsx';
import { safeUrl } from '../safe-url.ts';
import { sitePaths } from '../site.ts';

const text = {
  title: { signed_out: 'You are signed out', stayed: 'You are still signed in' },
  body: {
    signed_out: 'Your session has ended. On a shared computer, close the browser as well.',
    stayed: 'Nothing was changed.',
  },
  back: 'Back to {client}',
  home: 'To the start page',
  account: 'To my account',
};

export type SignedOutPageProps = {
  readonly outcome: 'signed_out' | 'stayed';
  readonly client?: { readonly name: string; readonly url?: string | undefined } | undefined;
};

/** Where a logout ends when the client named no registered `post_logout_redirect_uri`. */
export function SignedOutPage({ outcome, client }: SignedOutPageProps) {
  const back = safeUrl(client?.url);
  return (
    <CardPage title={text.title[outcome]}>
      <h1>{text.title[outcome]}</h1>
      <p class="lead">{text.body[outcome]}</p>
      <p class="card-buttons">
        {client && back && (
          <a class="button" href={back}>
            <Phrase text={text.back} with={{ client: <bdi>{client.name}</bdi> }} />
          </a>
        )}
        <a class="button button-quiet" href={outcome === 'stayed' ? sitePaths.account : sitePaths.home}>
          {outcome === 'stayed' ? text.account : text.home}
        </a>
      </p>
    </CardPage>
  );
}
