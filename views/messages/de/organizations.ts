import type { organizations as english } from '../en/organizations.ts';
import type { Translation } from '../message-types.ts';

export const organizations: Translation<typeof english> = {
  joinOrganization: {
    title: 'Einer Organisation beitreten',
    lead: '{organization} lädt Sie ein: Ihr Konto {person} wird Mitglied.',
    leadSeveral: '{organization} lädt Sie ein. Sie haben mehr als ein Konto mit dieser Adresse.',
    which: 'Welches wird Mitglied?',
    effect:
      'Die Administratoren der Organisation sehen dann Ihr Profil und können Sie dort in Teams aufnehmen und Ihnen Rollen geben.',
    join: 'Beitreten',
    stranger: 'Sie kennen diese Organisation nicht? Dann schließen Sie diese Seite: Ohne Sie geschieht nichts.',
    doneTitle: 'Sie sind Mitglied',
    done: 'Sie sind jetzt Mitglied von {organization}.',
    account: 'Zu meinem Konto',
  },
  organizationInvitationMail: {
    subject: 'Sie sind in eine Organisation eingeladen',
    preview: 'Der Link in dieser Mail führt weiter.',
    invited: '{organization} lädt Sie ein, bei {host} Mitglied zu werden.',
    button: 'Einladung ansehen',
    limits: 'Der Link gilt einmal, in jedem Browser, eine Woche lang.',
    surprise: 'Sie kennen diese Organisation nicht? Dann müssen Sie nichts tun: Ohne Sie werden Sie nirgends Mitglied.',
  },
};
