// Presses the only button of a page that posts itself. A field named "submit" must not stand in for the method.
HTMLFormElement.prototype.submit.call(document.forms[0]);
