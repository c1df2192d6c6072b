import { RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import { useMessages } from './look.ts';
import type { Messages } from './messages/catalogue.ts';
import { safeUrl } from './safe-url.ts';
import { sitePaths } from './site.ts';

export type InteractionExpiredPageProps = {
  readonly reason: keyof Messages<'interactionExpired'>['happened'];
  readonly client?: { readonly name: string; readonly url?: string } | undefined;
  readonly requestId: string;
};

/** For an interaction that is over: expired, finished in another tab, reached by the back button, or another browser's. */
export function InteractionExpiredPage({ reason, client, requestId }: InteractionExpiredPageProps) {
  const text = useMessages('interactionExpired');
  const common = useMessages('common');
  const back = safeUrl(client?.url);
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.happened[reason]}</p>
      <p>{text.next}</p>
      <p class="card-buttons">
        {client && back ? (
          <a class="button" href={back}>
            {text.back({ client: <bdi>{client.name}</bdi> })}
          </a>
        ) : (
          <a class="button" href={sitePaths.home}>
            {common.toStart}
          </a>
        )}
        <a class="button button-quiet" href={sitePaths.account}>
          {common.toAccount}
        </a>
      </p>
      <div class="reference">
        <RequestId label={common.reference} id={requestId} />
      </div>
    </CardPage>
  );
}
