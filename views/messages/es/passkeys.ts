import type { passkeys as english } from '../en/passkeys.ts';
import type { Translation } from '../message-types.ts';

export const passkeys: Translation<typeof english> = {
  passkeyPrompt: {
    get: {
      start: 'Iniciar sesión con una llave de acceso',
      failed: 'No se ha usado ninguna llave de acceso. Inténtelo de nuevo o inicie sesión de otra forma.',
    },
    create: {
      start: 'Añadir una llave de acceso',
      failed: 'No se ha creado ninguna llave de acceso. Inténtelo de nuevo cuando quiera.',
      exists: 'Este dispositivo ya tiene una llave de acceso para su cuenta.',
    },
  },
  passkeyOffer: {
    title: 'Inicie sesión más rápido la próxima vez',
    later: 'Ahora no',
    laterHint: 'Encontrará esta opción en la página de su cuenta cuando quiera.',
  },
  passkeys: {
    count: 'Tiene {count, plural, one {# llave de acceso} many {# llaves de acceso} other {# llaves de acceso}}.',
    manage: 'Gestionar las llaves de acceso',
    title: 'Llaves de acceso',
    lead: 'Con una llave de acceso inicia sesión con su huella, su rostro o el PIN de su dispositivo. Nadie puede averiguarla ni pedírsela.',
    none: 'Todavía no tiene ninguna llave de acceso.',
    yours: 'Sus llaves de acceso',
    synced: 'en todos sus dispositivos',
    local: 'en un solo dispositivo',
    created: 'Añadida el {date}.',
    used: 'Añadida el {date}, usada por última vez el {used}.',
    name: 'Nombre de {passkey}',
    rename: 'Cambiar nombre',
    remove: 'Eliminar',
    removeLabel: 'Eliminar {passkey}',
    needsScript: 'Para añadir una llave de acceso hace falta un navegador que las conozca, con JavaScript.',
    problem: {
      form_expired: 'Esta página ha estado abierta demasiado tiempo. Inténtelo de nuevo.',
      not_accepted: 'No se ha podido añadir esa llave de acceso. Inténtelo de nuevo.',
      not_allowed: 'Aquí no se permiten llaves de acceso de este tipo. Pregunte a su administrador cuáles se permiten.',
      too_many: 'Ha llegado al número máximo de llaves de acceso. Elimine una que no necesite.',
      name_missing: 'Un nombre tiene de uno a sesenta caracteres.',
    },
    notice: {
      added: 'Se ha añadido su llave de acceso.',
      renamed: 'Se ha cambiado el nombre.',
      removed: 'Se ha eliminado la llave de acceso. Ya no sirve para iniciar sesión.',
    },
  },
  passkeyChangedMail: {
    subject: {
      added: 'Se ha añadido una llave de acceso',
      removed: 'Se ha eliminado una llave de acceso',
      copied: 'Puede que se haya copiado una llave de acceso',
    },
    change: {
      added: 'Se ha añadido una llave de acceso a su cuenta {userName}. Permite iniciar sesión sin contraseña.',
      removed: 'Se ha eliminado una llave de acceso de su cuenta {userName}. Ya no sirve para iniciar sesión.',
      copied:
        'Alguien ha intentado iniciar sesión en su cuenta {userName} con una llave de acceso que parece una copia, y no se le ha dejado entrar. Si ha sido usted, elimine esa llave y añádala de nuevo.',
    },
    passkey: 'Llave de acceso',
  },
};
