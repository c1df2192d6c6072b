export const emailSignIn = {
  emailSignIn: {
    link: 'Sign in with a code by e-mail',
    title: 'Sign in with a code by e-mail',
    lead: 'A code goes to your e-mail address. Nothing else is needed.',
    submit: 'Send the code',
    back: 'Sign in another way',
    throttled: 'A code was sent a short while ago. Look into your mail, or wait {wait}.',
    problem: {
      form_expired: 'This page had been open too long. Please try again.',
      user_name_missing: 'Enter your user name or e-mail address.',
      ended: 'That code does not count any more. Ask for another one.',
    },
  },
  emailCode: {
    title: 'Look into your mail',
    lead: 'If there is an account with a confirmed address, a code of eight digits is on its way. Enter it here.',
    leadLink:
      'If there is an account with a confirmed address, a mail is on its way. Enter its code here, or open its link in this browser.',
    label: 'Code',
    none: 'Nothing there? Look among unwanted mail too. It can take a few minutes.',
    again: 'Send another code',
    problem: {
      wrong_code: 'That is not the code of the newest mail. Please look again.',
      form_expired: 'This page had been open too long. Please enter the code again.',
    },
  },
  emailLink: {
    title: 'Sign in now?',
    submit: 'Sign in',
    elsewhereTitle: 'Open this link where you began',
    elsewhere:
      'It signs you in only in the browser in which you asked for it, once and for ten minutes. Open it there, enter the code of the mail there, or ask for another one.',
    surprise: 'You did not ask for it? Then close this page: nothing happens without you.',
  },
  emailSignInMail: {
    subject: 'Your code to sign in',
    preview: 'It works once, for {lifetime}.',
    previewMore: 'Please sign in another way.',
    asked: 'Somebody, hopefully you, wants to sign in to your account {userName}.',
    more: 'Somebody, hopefully you, asked for a code to sign in to your account {userName}. You use an authenticator app, so a mailbox is not enough: sign in with your password or a passkey.',
    code: 'Code',
    button: 'Sign in',
    limits: 'The code works once, for {lifetime}, and only in the browser that asked for it.',
    limitsLink: 'Code and link work once, for {lifetime}, and only in the browser that asked for them.',
    surprise:
      'You did not ask for this? Then do nothing. Never tell anybody the code: nobody who helps you will ask for it.',
  },
} as const;
