import type { PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

const text = {
  title: 'Activity',
  lead: 'Sign-ins, and every change to your account, whoever made it.',
  none: 'Nothing has happened yet.',
  by: {
    you: 'By you',
    administrator: 'By an administrator',
    application: 'By an application',
    operator: 'By the operator of this service',
    stranger: 'By somebody who was not signed in',
  },
  older: 'Older',
  newest: 'Back to the newest',
  events: {
    'applications.disconnected': 'An application was disconnected',
    'consents.granted': 'An application was allowed to use the account',
    'emails.verified': 'An e-mail address was confirmed',
    'grants.revoked': 'The access of an application was ended',
    'group-members.added': 'Added to a group',
    'group-members.removed': 'Taken out of a group',
    'passwords.changed': 'The password was changed',
    'passwords.confirmation-refused': 'A wrong current password was given',
    'recoveries.requested': 'A link for a forgotten password was asked for',
    'recovery-codes.issued': 'New recovery codes were made',
    'recovery-codes.used': 'A recovery code was used',
    'role-assignments.created': 'A role was given',
    'role-assignments.deleted': 'A role was taken away',
    'second-factors.removed': 'The second step at sign-in was removed',
    'sessions.ended': 'A session was ended',
    'sessions.others-ended': 'All other sessions were ended',
    'set-password-links.issued': 'A link to set a password was made',
    'set-password-links.redeemed': 'A link to set a password was used',
    'sign-ins.refused': 'A sign-in was refused',
    'sign-ins.succeeded': 'Signed in',
    'sign-ups.completed': 'The account was made',
    'terms.accepted': 'The terms of use were accepted',
    'totp-credentials.created': 'An authenticator app was set up',
    'totp-credentials.deleted': 'The authenticator app was removed',
    'users.created': 'The account was created',
    'users.deactivated': 'The account was deactivated',
    'users.reactivated': 'The account was activated again',
    'users.restored': 'The account was restored',
    'users.staged': 'The account was put off',
    'users.suspended': 'The account was suspended',
    'users.updated': 'Details of the account were changed',
  },
};

export type ShownActivity = {
  readonly id: string;
  readonly type: keyof typeof text.events;
  readonly by: keyof typeof text.by;
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
  return (
    <li class="entry">
      <div class="entry-text">
        <p class="entry-title">
          {text.events[type]}
          {names.length > 0 && (
            <>
              {': '}
              <bdi>{names.join(', ')}</bdi>
            </>
          )}
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
