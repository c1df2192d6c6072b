import type { organizations as english } from '../en/organizations.ts';
import type { Translation } from '../message-types.ts';

export const organizations: Translation<typeof english> = {
  joinOrganization: {
    title: 'Unirse a una organización',
    lead: '{organization} le invita: su cuenta {person} pasa a ser miembro.',
    leadSeveral: '{organization} le invita. Tiene más de una cuenta con esta dirección.',
    which: '¿Cuál pasa a ser miembro?',
    effect:
      'Los administradores de la organización verán su perfil y podrán incluirle en equipos y darle roles en ella.',
    join: 'Unirme',
    stranger: '¿No conoce esta organización? Cierre entonces esta página: nada ocurre sin usted.',
    doneTitle: 'Ya es miembro',
    done: 'Ahora es miembro de {organization}.',
    account: 'A mi cuenta',
  },
  organizationInvitationMail: {
    subject: 'Le invitan a una organización',
    preview: 'El enlace de este correo le lleva adelante.',
    invited: '{organization} le invita a ser miembro en {host}.',
    button: 'Ver la invitación',
    limits: 'El enlace funciona una vez, en cualquier navegador, durante una semana.',
    surprise: '¿No conoce esta organización? Entonces no haga nada: no será miembro de nada sin usted.',
  },
};
