import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import type { PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

export type ShownActivity = {
  readonly id: string;
  readonly type: keyof Messages<'activity'>['events'];
  readonly by: keyof Messages<'activity'>['by'];
  /** In words. */
  readonly when: string;
  /** "Firefox on Linux"; absent when it is not known. */
  readonly browser?: string | undefined;
  readonly network?: string | undefined;
  /** Of the application, role or group; attributes that changed. */
  readonly names: readonly string[];
};

export type ActivityPageProps = {
  readonly person: PersonSummary;
  readonly activity: readonly ShownActivity[];
  readonly olderUrl?: string | undefined;
  readonly isFirstPage: boolean;
};

function Entry({ entry: { type, by, when, browser, network, names } }: { readonly entry: ShownActivity }) {
  const text = useMessages('activity');
  return (
    <li class="entry">
      <div class="entry-text">
        <p class="entry-title">
          {names.length > 0
            ? text.with({ what: text.events[type], names: <bdi>{names.join(', ')}</bdi> })
            : text.events[type]}
        </p>
        <p class="mail-facts">
          <span>{when}</span>
          <span>{text.by[by]}</span>
          {browser && <span>{browser}</span>}
          {network && <bdi>{network}</bdi>}
        </p>
      </div>
    </li>
  );
}

/** `/account/activity`: what happened to my account. */
export function ActivityPage({ person, activity, olderUrl, isFirstPage }: ActivityPageProps) {
  const text = useMessages('activity');
  return (
    <AccountLayout title={text.title} section="activity" person={person}>
      <h1>{text.title}</h1>
      <p class="lead">{activity.length === 0 ? text.none : text.lead}</p>
      {activity.length > 0 && (
        <div class="panel">
          <ol class="entries">
            {activity.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        </div>
      )}
      {(olderUrl || !isFirstPage) && (
        <p class="buttons">
          {!isFirstPage && (
            <a class="button button-quiet" href={sitePaths.activity}>
              {text.newest}
            </a>
          )}
          {olderUrl && (
            <a class="button button-quiet" href={olderUrl}>
              {text.older}
            </a>
          )}
        </p>
      )}
    </AccountLayout>
  );
}
