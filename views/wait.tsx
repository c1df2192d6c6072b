import { RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import { useMessages } from './look.ts';
import { sitePaths } from './site.ts';
import { useWaitTime } from './wait-time.ts';

export type WaitPageProps = { readonly retryAfterSeconds: number; readonly requestId: string };

/** The page of a 429 answer; the door sends `Retry-After` with the same number. */
export function WaitPage({ retryAfterSeconds, requestId }: WaitPageProps) {
  const text = useMessages('wait');
  const common = useMessages('common');
  const waitTime = useWaitTime();
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.happened}</p>
      <p>{text.next({ wait: waitTime(retryAfterSeconds) })}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {common.toStart}
        </a>
      </p>
      <div class="reference">
        <RequestId label={common.reference} id={requestId} />
      </div>
    </CardPage>
  );
}
