import type { safety as english } from '../en/safety.ts';
import type { Translation } from '../message-types.ts';

export const safety: Translation<typeof english> = {
  ownEmail: {
    title: 'Dirección de correo',
    lead: 'El correo sobre su cuenta llega a {address}.',
    none: 'Su cuenta todavía no tiene dirección de correo.',
    change: 'Cambiar su dirección de correo',
    field: 'Nueva dirección de correo',
    hint: 'Se envía un enlace a la dirección antigua y otro a la nueva. La dirección cambia cuando se han abierto los dos.',
    hintFirst: 'Se envía un enlace a esta dirección. Pasa a ser la suya cuando lo abre.',
    submit: 'Enviar',
    pendingTitle: 'Hay un cambio en curso',
    pending:
      'Su dirección pasa a ser {address} cuando se abran los enlaces enviados a estas direcciones, como muy tarde el {until}:',
    cancel: 'Conservar la dirección antigua',
    throttled: 'Hace poco se enviaron enlaces. Mire su correo o espere {wait}.',
    problem: {
      form_expired: 'Esta página ha estado abierta demasiado tiempo. Inténtelo de nuevo.',
      change_off: 'Su dirección la gestiona su organización. Pida a su administrador que la cambie.',
      address_invalid: 'Introduzca una dirección de correo, por ejemplo usted@example.com.',
      address_same: 'Esta ya es su dirección.',
    },
  },
  confirmEmailChange: {
    title: 'Cambiar la dirección de una cuenta',
    lead: 'La dirección de la cuenta {person} va a cambiar de {former} a {address}.',
    leadFirst: 'La cuenta {person} va a tener la dirección {address}.',
    effect: 'Quien tenga la nueva dirección podrá iniciar sesión con ella y recuperar la cuenta.',
    confirm: 'Sí, cambiarla',
    stranger: '¿No lo desea? Entonces cierre esta página: nada cambia sin usted.',
    waitingTitle: 'Falta un paso',
    waiting: 'Gracias. La dirección cambia cuando se abra también el enlace del otro buzón.',
    doneTitle: 'Su dirección ha cambiado',
    done: 'El correo sobre su cuenta llega desde ahora a {address}.',
  },
  undoEmailChange: {
    title: 'Recuperar su dirección',
    lead: 'La dirección de la cuenta {person} cambió de {former} a {address}.',
    effect:
      'Si no fue usted: vuelve su dirección antigua, se cierra la sesión de todos, la contraseña deja de funcionar y se le envía un enlace para elegir otra.',
    undo: 'No fui yo: recuperar',
    stranger: '¿Fue usted? Entonces cierre esta página.',
    doneTitle: 'Su dirección ha vuelto',
    done: 'Se ha cerrado la sesión de todos y la contraseña antigua ya no funciona. Mire su correo en {former}: el enlace lleva a una nueva.',
  },
  notMe: {
    title: '¿No fue usted?',
    lead: 'Puede que otra persona esté en la cuenta {person}.',
    effect:
      'Recupérela: se cierra al momento la sesión de todos, la contraseña y las llaves de acceso de la última semana dejan de funcionar, y se le envía un enlace para elegir otra contraseña.',
    confirm: 'No fui yo: recuperar',
    stranger: '¿Fue usted? Entonces cierre esta página: no pasa nada.',
    doneTitle: 'La cuenta vuelve a ser suya',
    done: 'Se ha cerrado la sesión de todos; la contraseña antigua y las llaves de acceso de la última semana ya no funcionan.',
    next: 'Mire su correo: el enlace lleva a una contraseña nueva. Después, avise a su administrador.',
  },
  trustedDevices: {
    title: 'Navegadores sin el segundo paso',
    lead: 'En estos solo se le pide la contraseña.',
    until: 'Hasta',
    end: 'Volver a preguntar',
    endThis: 'Volver a preguntar en {browser}, usado por última vez {when}',
  },
  lostFactor: {
    passkey: {
      link: 'No tengo ni una llave de acceso ni un código de recuperación',
      faster:
        'Su administrador puede ayudarle antes. ¿Ha encontrado la llave de acceso? Inicie sesión con ella y esto termina solo.',
      back: 'Usar la llave de acceso de todos modos',
    },
    link: 'No tengo ni la aplicación ni un código de recuperación',
    title: '¿Ha perdido el segundo paso?',
    lead: 'Se puede quitar después de {days, plural, one {# día} other {# días}}. Hasta entonces puede impedirlo quien tenga uno de sus buzones o haya iniciado sesión como usted, y también un administrador.',
    faster:
      'Su administrador puede ayudarle antes. ¿Encuentra la aplicación o un código? Inicie sesión con ello y esto termina solo.',
    start: 'Empezar el tiempo de espera',
    back: 'Introducir un código',
    startedTitle: 'Ha empezado el tiempo de espera',
    started: 'El {when} le llegará por correo un enlace que quita el segundo paso. Hasta entonces nada cambia.',
    problem: {
      form_expired: 'Esta página ha estado abierta demasiado tiempo. Inténtelo de nuevo.',
      no_address:
        'Su cuenta no tiene una dirección de correo confirmada y no se podría avisar a nadie. Pida ayuda a su administrador.',
      administrator:
        'Usted es administrador. Otro administrador, o quien gestiona este servicio, quita su segundo paso.',
    },
  },
  factorRecovery: {
    title: 'Eliminación de su segundo paso',
    lead: 'Alguien que conoce la contraseña de la cuenta {person} dijo que su segundo paso se ha perdido.',
    effectStop: 'Si no fue usted, deténgalo. Después cambie su contraseña: otra persona la conoce.',
    effectFinish:
      'El tiempo de espera ha terminado. Quite el segundo paso y bastará la contraseña para iniciar sesión. Después configure uno nuevo.',
    finish: 'Quitar el segundo paso',
    stop: 'Detener',
    stoppedTitle: 'Se ha detenido',
    stopped: 'El segundo paso se queda. Otra persona conoce la contraseña, a menos que fuera usted: cámbiela ahora.',
    finishedTitle: 'Se ha quitado el segundo paso',
    finished: 'Inicie sesión con su contraseña y configure un segundo paso nuevo.',
    waiting:
      'Alguien que conoce su contraseña dijo que su segundo paso se ha perdido. A partir del {when} se puede quitar. ¿No fue usted? Entonces deténgalo y cambie su contraseña.',
  },
};
