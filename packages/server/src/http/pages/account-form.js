// The forms behind the links that carry a token: setting the instance up, and joining a project. The token stands behind
// the #, which browsers keep to themselves, and leaves the address bar once it was used.
const form = document.querySelector('#form');
const problem = document.querySelector('#problem');
const done = document.querySelector('#done');
const button = form.querySelector('button');
const purpose = form.dataset.purpose;
const token = new URLSearchParams(location.hash.slice(1)).get('token');

if (token) form.hidden = false;
else tell('The link is not whole: open it as it was given to you, with everything that follows the #.');

form.addEventListener('change', showFields);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  clearFaults();
  if (!checkFields()) return;
  button.disabled = true;
  try {
    await send();
    history.replaceState(null, '', location.pathname);
    form.hidden = true;
    done.hidden = false;
    done.focus();
  } catch (error) {
    showProblem(error);
  } finally {
    button.disabled = false;
  }
});

function isKnown() {
  return form.elements.known?.value === 'yes';
}

/** Who has an account is not asked for a name, and types the password that it has. */
function showFields() {
  form.querySelector('[data-field=name]').hidden = isKnown();
  const hint = form.querySelector('#password-hint');
  hint.hidden = isKnown();
  form.elements.password.autocomplete = isKnown() ? 'current-password' : 'new-password';
}

async function send() {
  const { name, email, password } = form.elements;
  const credentials = { email: email.value, password: password.value };
  if (isKnown()) {
    await post('api/auth/sign-in/email', credentials);
    await post('v1/invitations/accept', { token });
  } else if (purpose === 'setup') await post('api/auth/setup', { token, name: name.value, ...credentials });
  else await post('api/auth/sign-up/email', { invitationToken: token, name: name.value, ...credentials });
}

async function post(path, body) {
  let response;
  try {
    const headers = { 'Content-Type': 'application/json' };
    response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  } catch {
    throw { detail: 'The server cannot be reached. Nothing was sent; try again in a moment.' };
  }
  if (response.ok) return;
  throw await response.json().catch(() => ({ detail: `The server answered ${response.status}.` }));
}

function checkFields() {
  for (const input of form.querySelectorAll('input[id]')) {
    const isAsked = !input.closest('[hidden]');
    if (isAsked && !input.checkValidity()) setFault(input, input.validationMessage);
  }
  return focusFault();
}

function showProblem({ detail, errors = [], requestId }) {
  for (const { path, message } of errors) {
    const input = document.getElementById(path);
    if (input) setFault(input, `This ${message}.`);
  }
  if (focusFault()) tell(requestId ? `${detail} (Request ${requestId})` : detail);
}

function setFault(input, message) {
  input.setAttribute('aria-invalid', 'true');
  document.getElementById(`${input.id}-fault`).textContent = message;
}

/** Puts the cursor into the first field with a fault. True when there is none. */
function focusFault() {
  const first = form.querySelector('[aria-invalid]');
  first?.focus();
  return first === null;
}

function clearFaults() {
  problem.hidden = true;
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    document.getElementById(`${input.id}-fault`).textContent = '';
  }
}

function tell(text) {
  problem.textContent = text;
  problem.hidden = false;
}
