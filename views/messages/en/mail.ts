export const mail = {
  mail: {
    greeting: 'Hello {person},',
    greetingNobody: 'Hello,',
    address: 'Or copy this address into a browser:',
    footer: 'Sent automatically by {product} at {host}. Answers to this mail are not read.',
    when: 'When',
    account: 'Account',
    wasItYou: 'Was it you? Then there is nothing to do.',
    asked: 'Was it you, or did you ask for it? Then there is nothing to do.',
    takeBack:
      'If not, say so now: everybody is signed out, the password stops working, and you get a link for a new one. Then tell your administrator.',
    notMe: 'That was not me',
    newPassword: 'Choose a new password',
    days: '{count, plural, one {a day} other {# days}}',
    hours: '{count, plural, one {an hour} other {# hours}}',
    minutes: '{count, plural, one {a minute} other {# minutes}}',
  },
  recoveryMail: {
    subject: 'Choose a new password',
    preview: 'Your link. It works once, for {lifetime}.',
    asked: 'Somebody, hopefully you, asked for a new password for your account {userName}.',
    limits:
      'The link works once, in any browser, for {lifetime}. Then everything that is signed in with the old password is signed out.',
    surprise: 'You did not ask for this? Then do nothing: your password stays as it is. Never pass this mail on.',
  },
  invitationMail: {
    subject: 'Your new account',
    heading: 'An account was made for you',
    preview: 'Choose a password to begin. The link works for {lifetime}.',
    made: 'You have an account at {host}. Its user name is {userName}.',
    button: 'Choose a password',
    limits:
      'The link works once, in any browser, for {lifetime}. It is lost? Ask whoever made the account for another.',
    surprise:
      'You did not expect this? Then somebody may have mistyped an address. Do nothing, or ask your administrator.',
  },
  signUpMail: {
    subject: 'Create your account',
    preview: 'The link in this mail leads on.',
    asked: 'Somebody, hopefully you, wants an account at {host} with this address.',
    button: 'Go on',
    limits: 'The link works once, in any browser, for {lifetime}.',
    surprise: 'You did not ask for this? Then do nothing: no account is made without you.',
  },
  alreadyRegisteredMail: {
    subject: 'You have an account already',
    preview: 'The link in this mail leads on.',
    exists: 'Somebody, hopefully you, wants an account at {host} with this address. It has one already: {userName}.',
    forgotten: 'You have forgotten your password?',
    surprise: 'You did not ask for this? Then do nothing: nothing has changed.',
  },
  verifyEmailMail: {
    subject: 'Confirm your e-mail address',
    heading: 'Is this your address?',
    preview: 'Confirm it with the link in this mail.',
    asked:
      'The account {userName} at {host} says that {address} is yours. Confirm it, and it can be used to sign in and to get back in.',
    button: 'Confirm this address',
    limits: 'The link works once, in any browser, for {lifetime}.',
    surprise: 'This account is not yours? Then do nothing: without you the address is not confirmed.',
  },
  passwordChangedMail: {
    subject: 'Your password was changed',
    by: {
      self: 'The password of your account {userName} was changed on the account page. Other browsers were signed out.',
      link: 'The password of your account {userName} was set with a one-time link. Everything that was signed in was signed out.',
      administrator:
        'An administrator set the password of your account {userName}. Everything that was signed in was signed out.',
    },
  },
  secondFactorChangedMail: {
    subject: 'How you sign in was changed',
    change: {
      totp_added: 'An authenticator app was set up as a second step for your account {userName}.',
      totp_removed: 'The authenticator app of your account {userName} was removed. A password alone signs in again.',
      recovery_codes_issued:
        'New recovery codes were made for your account {userName}. Those from before do not work any more.',
      recovery_code_used: 'A recovery code was used to sign in to your account {userName}. It does not work again.',
      removed_after_waiting:
        'The waiting time was over: the second steps of your account {userName} were removed. A password alone signs in again.',
      removed_by_administrator:
        'An administrator removed the second steps of your account {userName}. A password alone signs in again.',
    },
  },
  emailChangeMail: {
    subject: 'Confirm the change of your e-mail address',
    preview: 'Nothing changes without you.',
    former:
      'Somebody, hopefully you, wants to change the address of your account {userName} at {host} from {former} to {address}.',
    new: 'Somebody, hopefully you, wants {address} to be the address of the account {userName} at {host}.',
    button: 'Look at the change',
    limits:
      'The link works once, in any browser, for {lifetime}. The address changes when the links in both mails were opened.',
    limitsFirst: 'The link works once, in any browser, for {lifetime}.',
    surpriseFormer:
      'You did not ask for this? Then do not open the link, and change your password: somebody is signed in as you.',
    surpriseNew: 'You did not expect this? Then do nothing: without you, nothing changes.',
  },
  emailChangedMail: {
    subject: 'Your e-mail address was changed',
    heading: 'This address was taken off an account',
    preview: 'Mail about the account goes elsewhere from now on.',
    changed:
      '{address} is no longer an address of the account {userName}. Mail about the account goes elsewhere from now on.',
    fine: 'Did you, or your administrator, want this? Then there is nothing to do.',
    surprise: 'If not, tell your administrator at once: from this address you cannot take the account back yourself.',
    takeBack: 'If not, take your address back now. This works until {until}.',
  },
  accountDeletedMail: {
    subject: 'Your account was deleted',
    preview: 'Somebody signed in as you asked for it.',
    deleted: 'The account {userName} at {host} was deleted from its account page.',
    fine: 'Did you want this? Then there is nothing to do.',
    surprise: 'If not, tell your administrator at once: an account that was deleted can be brought back for a while.',
  },
  factorRecoveryMail: {
    startedSubject: 'Your second step is to be removed',
    reminderSubject: 'Your second step is still to be removed',
    startedPreview: 'You can stop it.',
    started:
      'Somebody who knows the password of your account {userName} at {host} said that the second step is lost, and the recovery codes too.',
    ripeAt: 'Can be removed from',
    mine: 'Was it you? Then wait: a link comes on that day.',
    stop: 'If not, stop it now. Then change your password: somebody else knows it.',
    stopLabel: 'Stop it',
    readySubject: 'Your second step can be removed now',
    ready: 'The waiting time for your account {userName} is over, and nobody has stopped it.',
    button: 'Go on',
    limits: 'The link works once, in any browser, for {lifetime}. It stops the removal, too.',
  },
  administratorRecoveredMail: {
    subject: 'An administrator was let back in',
    heading: 'An administrator was let back in from the command line',
    preview: 'Somebody with access to the server used the emergency command.',
    happened:
      'Somebody with access to the server of {host} used the emergency command: {recovered} is an administrator and can set a new password with a one-time link.',
    fine: 'Was this agreed on? Then there is nothing to do.',
    surprise:
      'If not, somebody else controls the server or its database. Take it off the network, and look for administrators.recovered in the audit log.',
  },
  newDeviceMail: {
    subject: 'A new browser signed in to your account',
    heading: 'A new browser signed in',
    happened: 'Somebody signed in to your account {userName} with a browser that was not used for it before.',
    browser: 'Browser',
    address: 'Network address',
    unknown: 'not told',
  },
  newPlaceMail: {
    subject: 'Your account was used from a new place',
    heading: 'Signed in from a new place',
    happened:
      'Somebody signed in to your account {userName} from a place where you have not signed in lately, with a browser that is known.',
  },
} as const;
