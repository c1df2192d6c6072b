import { RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import { useMessages } from './look.ts';
import type { Messages } from './messages/catalogue.ts';
import { safeUrl } from './safe-url.ts';
import { sitePaths } from './site.ts';

export type ErrorPageProps = {
  /** The OAuth error or our own code; known ones have words of their own, any other gets general ones. */
  readonly code: string;
  readonly requestId: string;
  /** One English sentence that is safe for anybody to read; replaces what the code says happened. Never an exception's message. */
  readonly detail?: string | undefined;
  /** Where to go back to, when that address is a registered one. */
  readonly client?: { readonly name: string; readonly url?: string } | undefined;
};

function wordsFor(text: Messages<'error'>, code: string) {
  const known: Readonly<Record<string, Messages<'error'>['other']>> = text.byCode;
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? text.other;
}

/** What happened, what to do next, and the id by which an administrator finds the real reason. */
export function ErrorPage({ code, requestId, detail, client }: ErrorPageProps) {
  const text = useMessages('error');
  const common = useMessages('common');
  const words = wordsFor(text, code);
  const back = safeUrl(client?.url);
  return (
    <CardPage title={words.title}>
      <h1>{words.title}</h1>
      {detail === undefined ? (
        <p class="lead">{words.happened}</p>
      ) : (
        <p class="lead" lang="en" dir="ltr">
          {detail}
        </p>
      )}
      <section>
        <h2>{text.next}</h2>
        <p>{words.next}</p>
      </section>
      <p class="card-buttons">
        {client && back ? (
          <a class="button" href={back}>
            {common.backTo({ client: <bdi>{client.name}</bdi> })}
          </a>
        ) : (
          <a class="button button-quiet" href={sitePaths.home}>
            {common.toStart}
          </a>
        )}
      </p>
      <div class="reference">
        <RequestId label={common.reference} id={requestId} />
        <RequestId label={text.code} id={code} />
      </div>
    </CardPage>
  );
}
