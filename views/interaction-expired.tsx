import { RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import { Phrase } from './phrase.tsx';
import { safeUrl } from './safe-url.ts';
import { sitePaths } from './site.ts';

const text = {
  title: 'This sign-in has ended',
  happened: {
    expired: 'It was open too long, so it was closed to keep your account safe. You have not been signed in by it.',
    completed: 'It was finished already, perhaps in another tab or by going back. There is nothing left to do here.',
  },
  next: 'Go back to the application and start again.',
  back: 'Start again at {client}',
  home: 'To the start page',
  account: 'To my account',
  reference: 'Reference for your administrator:',
};

export type InteractionExpiredPageProps = {
  readonly reason: keyof typeof text.happened;
  readonly client?: { readonly name: string; readonly url?: string } | undefined;
  readonly requestId: string;
};

/** For an interaction that is over: expired, finished in another tab, reached by the back button, or another browser's. */
export function InteractionExpiredPage({ reason, client, requestId }: InteractionExpiredPageProps) {
  const back = safeUrl(client?.url);
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.happened[reason]}</p>
      <p>{text.next}</p>
      <p class="card-buttons">
        {client && back ? (
          <a class="button" href={back}>
            <Phrase text={text.back} with={{ client: <bdi>{client.name}</bdi> }} />
          </a>
        ) : (
          <a class="button" href={sitePaths.home}>
            {text.home}
          </a>
        )}
        <a class="button button-quiet" href={sitePaths.account}>
          {text.account}
        </a>
      </p>
      <div class="reference">
        <RequestId label={text.reference} id={requestId} />
      </div>
    </CardPage>
  );
}
