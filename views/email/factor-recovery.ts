import type { MailContent, MailFrame } from './content.ts';
import type { LinkMailProps } from './recovery.ts';
import { durationInWords, greetingFor } from './words.ts';

export type FactorRecoveryStartedProps = MailFrame & {
  readonly userName: string;
  readonly when: string;
  /** In words. */
  readonly ripeAt: string;
  readonly stopUrl: string;
  /** They were told before. */
  readonly isReminder?: boolean;
};

/** To every address of somebody who says that their second factor is lost. */
export function factorRecoveryStartedMail(props: FactorRecoveryStartedProps): MailContent {
  const { catalogue, person, host, userName, when, ripeAt, stopUrl, isReminder } = props;
  const text = catalogue.page('factorRecoveryMail');
  const common = catalogue.page('mail');
  const subject = isReminder ? text.reminderSubject : text.startedSubject;
  return {
    subject,
    heading: subject,
    preview: text.startedPreview,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.started({ userName, host }) },
      {
        kind: 'facts',
        facts: [
          { term: common.account, detail: userName },
          { term: common.when, detail: when },
          { term: text.ripeAt, detail: ripeAt },
        ],
      },
      { kind: 'text', text: text.mine },
      { kind: 'note-link', text: text.stop, label: text.stopLabel, url: stopUrl },
    ],
  };
}

/** When the waiting is over and nobody has objected. */
export function factorRecoveryReadyMail(props: LinkMailProps): MailContent {
  const { catalogue, person, userName, url, lifetimeSeconds } = props;
  const text = catalogue.page('factorRecoveryMail');
  return {
    subject: text.readySubject,
    heading: text.readySubject,
    preview: text.startedPreview,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.ready({ userName }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: text.limits({ lifetime: durationInWords(catalogue, lifetimeSeconds) }) },
    ],
  };
}
