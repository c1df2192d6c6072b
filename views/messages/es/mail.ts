import type { mail as english } from '../en/mail.ts';
import type { Translation } from '../message-types.ts';

export const mail: Translation<typeof english> = {
  mail: {
    greeting: 'Hola, {person}:',
    greetingNobody: 'Hola:',
    address: 'O copie esta dirección en un navegador:',
    footer: 'Enviado automáticamente por {product} en {host}. Las respuestas a este correo no se leen.',
    when: 'Cuándo',
    account: 'Cuenta',
    wasItYou: '¿Ha sido usted? Entonces no tiene que hacer nada.',
    asked: '¿Ha sido usted, o lo ha pedido? Entonces no tiene que hacer nada.',
    takeBack:
      'Si no, dígalo ahora: se cierra la sesión de todos, la contraseña deja de funcionar y recibe un enlace para elegir otra. Después, avise a su administrador.',
    notMe: 'No fui yo',
    newPassword: 'Elegir una contraseña nueva',
    days: '{count, plural, one {un día} other {# días}}',
    hours: '{count, plural, one {una hora} other {# horas}}',
    minutes: '{count, plural, one {un minuto} other {# minutos}}',
  },
  recoveryMail: {
    subject: 'Elija una contraseña nueva',
    preview: 'Su enlace. Funciona una vez, durante {lifetime}.',
    asked: 'Alguien, esperamos que usted, ha pedido una contraseña nueva para su cuenta {userName}.',
    limits:
      'El enlace funciona una vez, en cualquier navegador, durante {lifetime}. Después se cerrará todo lo que esté abierto con la contraseña anterior.',
    surprise: '¿No lo ha pedido usted? Entonces no haga nada: su contraseña sigue igual. No reenvíe nunca este correo.',
  },
  invitationMail: {
    subject: 'Su nueva cuenta',
    heading: 'Se ha creado una cuenta para usted',
    preview: 'Elija una contraseña para empezar. El enlace funciona durante {lifetime}.',
    made: 'Tiene una cuenta en {host}. Su nombre de usuario es {userName}.',
    button: 'Elegir una contraseña',
    limits:
      'El enlace funciona una vez, en cualquier navegador, durante {lifetime}. ¿Lo ha perdido? Pida otro a quien creó la cuenta.',
    surprise:
      '¿No lo esperaba? Quizá alguien se equivocó al escribir una dirección. No haga nada, o pregunte a su administrador.',
  },
  signUpMail: {
    subject: 'Cree su cuenta',
    preview: 'El enlace de este correo le lleva al paso siguiente.',
    asked: 'Alguien, esperamos que usted, quiere una cuenta en {host} con esta dirección.',
    button: 'Continuar',
    limits: 'El enlace funciona una vez, en cualquier navegador, durante {lifetime}.',
    surprise: '¿No lo ha pedido usted? Entonces no haga nada: sin usted no se crea ninguna cuenta.',
  },
  alreadyRegisteredMail: {
    subject: 'Ya tiene una cuenta',
    preview: 'El enlace de este correo le lleva al paso siguiente.',
    exists: 'Alguien, esperamos que usted, quiere una cuenta en {host} con esta dirección. Ya existe una: {userName}.',
    forgotten: '¿Ha olvidado su contraseña?',
    surprise: '¿No lo ha pedido usted? Entonces no haga nada: no ha cambiado nada.',
  },
  verifyEmailMail: {
    subject: 'Confirme su dirección de correo',
    heading: '¿Es esta su dirección?',
    preview: 'Confírmela con el enlace de este correo.',
    asked:
      'La cuenta {userName} en {host} indica que {address} es suya. Confírmela y podrá usarla para iniciar sesión y recuperar el acceso.',
    button: 'Confirmar esta dirección',
    limits: 'El enlace funciona una vez, en cualquier navegador, durante {lifetime}.',
    surprise: '¿Esta cuenta no es suya? Entonces no haga nada: sin usted, la dirección no se confirma.',
  },
  passwordChangedMail: {
    subject: 'Su contraseña se ha cambiado',
    by: {
      self: 'La contraseña de su cuenta {userName} se ha cambiado en la página de la cuenta. Se ha cerrado la sesión en los demás navegadores.',
      link: 'La contraseña de su cuenta {userName} se ha establecido con un enlace de un solo uso. Se han cerrado todas las sesiones.',
      administrator:
        'Un administrador ha establecido la contraseña de su cuenta {userName}. Se han cerrado todas las sesiones.',
    },
  },
  secondFactorChangedMail: {
    subject: 'Su forma de iniciar sesión ha cambiado',
    change: {
      totp_added: 'Se ha configurado una aplicación de autenticación como segundo paso para su cuenta {userName}.',
      totp_removed:
        'Se ha quitado la aplicación de autenticación de su cuenta {userName}. Vuelve a bastar la contraseña.',
      recovery_codes_issued:
        'Se han creado códigos de recuperación nuevos para su cuenta {userName}. Los anteriores ya no funcionan.',
      recovery_code_used:
        'Se ha usado un código de recuperación para iniciar sesión en su cuenta {userName}. No volverá a funcionar.',
      removed_after_waiting:
        'El tiempo de espera terminó: se han quitado los segundos pasos de su cuenta {userName}. Vuelve a bastar la contraseña para iniciar sesión.',
      removed_by_administrator:
        'Un administrador ha quitado los segundos pasos de su cuenta {userName}. Vuelve a bastar la contraseña.',
    },
  },
  emailChangeMail: {
    subject: 'Confirme el cambio de su dirección de correo',
    preview: 'Nada cambia sin usted.',
    former:
      'Alguien, esperamos que usted, quiere cambiar la dirección de su cuenta {userName} en {host} de {former} a {address}.',
    new: 'Alguien, esperamos que usted, quiere que {address} sea la dirección de la cuenta {userName} en {host}.',
    button: 'Ver el cambio',
    limits:
      'El enlace funciona una vez, en cualquier navegador, durante {lifetime}. La dirección cambia cuando se han abierto los enlaces de los dos correos.',
    limitsFirst: 'El enlace funciona una vez, en cualquier navegador, durante {lifetime}.',
    surpriseFormer:
      '¿No lo ha pedido usted? Entonces no abra el enlace y cambie su contraseña: alguien ha iniciado sesión como usted.',
    surpriseNew: '¿No lo esperaba? Entonces no haga nada: sin usted, nada cambia.',
  },
  emailChangedMail: {
    subject: 'Su dirección de correo se ha cambiado',
    heading: 'Esta dirección se ha quitado de una cuenta',
    preview: 'El correo sobre la cuenta llega desde ahora a otro sitio.',
    changed:
      '{address} ya no es una dirección de la cuenta {userName}. El correo sobre la cuenta llega desde ahora a otro sitio.',
    fine: '¿Lo ha querido usted, o su administrador? Entonces no tiene que hacer nada.',
    surprise:
      'Si no, avise enseguida a su administrador: desde esta dirección no puede recuperar la cuenta usted mismo.',
    takeBack: 'Si no, recupere su dirección ahora. Es posible hasta el {until}.',
  },
  accountDeletedMail: {
    subject: 'Su cuenta se ha eliminado',
    preview: 'Lo pidió alguien que había iniciado sesión como usted.',
    deleted: 'La cuenta {userName} en {host} se ha eliminado desde su página de cuenta.',
    fine: '¿Lo ha querido usted? Entonces no tiene que hacer nada.',
    surprise: 'Si no, avise enseguida a su administrador: una cuenta eliminada se puede recuperar durante un tiempo.',
  },
  factorRecoveryMail: {
    startedSubject: 'Su segundo paso se va a quitar',
    reminderSubject: 'Su segundo paso sigue pendiente de quitarse',
    startedPreview: 'Puede detenerlo.',
    started:
      'Alguien que conoce la contraseña de su cuenta {userName} en {host} dijo que se ha perdido el segundo paso, y también los códigos de recuperación.',
    ripeAt: 'Se puede quitar a partir del',
    mine: '¿Fue usted? Entonces espere: ese día llegará un enlace.',
    stop: 'Si no, deténgalo ahora. Después cambie su contraseña: otra persona la conoce.',
    stopLabel: 'Detener',
    readySubject: 'Ya se puede quitar su segundo paso',
    ready: 'El tiempo de espera de su cuenta {userName} ha terminado y nadie lo ha detenido.',
    button: 'Continuar',
    limits: 'El enlace funciona una vez, en cualquier navegador, durante {lifetime}. También sirve para detenerlo.',
  },
  administratorRecoveredMail: {
    subject: 'Un administrador ha recuperado el acceso',
    heading: 'Un administrador ha recuperado el acceso desde la línea de órdenes',
    preview: 'Alguien con acceso al servidor ha usado la orden de emergencia.',
    happened:
      'Alguien con acceso al servidor de {host} ha usado la orden de emergencia: {recovered} es administrador y puede establecer una contraseña nueva con un enlace de un solo uso.',
    fine: '¿Estaba acordado? Entonces no tiene que hacer nada.',
    surprise:
      'Si no, otra persona controla el servidor o su base de datos. Desconéctelo de la red y busque administrators.recovered en el registro de auditoría.',
  },
  newDeviceMail: {
    subject: 'Un navegador nuevo ha entrado en su cuenta',
    heading: 'Un navegador nuevo ha iniciado sesión',
    happened:
      'Alguien ha iniciado sesión en su cuenta {userName} con un navegador que no se había usado antes para ella.',
    browser: 'Navegador',
    address: 'Dirección de red',
    unknown: 'no indicado',
  },
  newPlaceMail: {
    subject: 'Su cuenta se ha usado desde un lugar nuevo',
    heading: 'Inicio de sesión desde un lugar nuevo',
    happened:
      'Alguien ha iniciado sesión en su cuenta {userName} con un navegador conocido, desde un lugar donde usted no había iniciado sesión últimamente.',
  },
};
