import { RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import { fill } from './phrase.tsx';
import { sitePaths } from './site.ts';
import { waitTime } from './wait-time.ts';

const text = {
  title: 'Please wait a moment',
  happened: 'There were too many requests in a short time, so this one was not carried out.',
  next: 'Wait {wait}, then go back and try again. You are not locked out.',
  home: 'To the start page',
  reference: 'Reference for your administrator:',
};

export type WaitPageProps = { readonly retryAfterSeconds: number; readonly requestId: string };

/** The page of a 429 answer; the door sends `Retry-After` with the same number. */
export function WaitPage({ retryAfterSeconds, requestId }: WaitPageProps) {
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.happened}</p>
      <p>{fill(text.next, { wait: waitTime(retryAfterSeconds) })}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {text.home}
        </a>
      </p>
      <div class="reference">
        <RequestId label={text.reference} id={requestId} />
      </div>
    </CardPage>
  );
}
