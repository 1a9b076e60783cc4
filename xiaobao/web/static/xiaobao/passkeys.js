// Passkeys: asks the device for a credential, puts it into the form, and sends the form.
// The options stand in the page as data, or are asked for where the button names an address.
"use strict";

const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function create(form, options) {
  const asked = options.creation_options.publicKey;
  const alone = form.elements.passwordless && form.elements.passwordless.checked;
  const credential = await navigator.credentials.create({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: keys(asked.excludeCredentials),
    authenticatorSelection: {
      ...asked.authenticatorSelection, requireResidentKey: alone,
      residentKey: alone ? "required" : "discouraged",
      userVerification: alone ? "required" : asked.authenticatorSelection.userVerification,
    },
  } });
  return { ...named(credential), response: {
    clientDataJSON: text(credential.response.clientDataJSON),
    attestationObject: text(credential.response.attestationObject),
    transports: credential.response.getTransports ? credential.response.getTransports() : [],
  } };
}

async function get(form, options) {
  const asked = options.request_options.publicKey;
  const credential = await navigator.credentials.get({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), allowCredentials: keys(asked.allowCredentials),
  } });
  const given = credential.response;
  return { ...named(credential), response: {
    clientDataJSON: text(given.clientDataJSON), authenticatorData: text(given.authenticatorData),
    signature: text(given.signature), userHandle: given.userHandle ? text(given.userHandle) : null,
  } };
}

function named(credential) {
  return {
    type: credential.type, id: credential.id, rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsFor(button) {
  if (!button.dataset.from) {
    return JSON.parse(document.getElementById("passkey-options").textContent);
  }
  const answer = await fetch(button.dataset.from, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  return answer.json();
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = false;  // without this script it would do nothing
  button.addEventListener("click", async () => {
    const form = button.closest("form");
    const wrong = form.querySelector(".told.error");
    wrong.hidden = true;
    try {
      const ask = button.dataset.passkey === "create" ? create : get;
      const credential = await ask(form, await optionsFor(button));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      wrong.hidden = false;
    }
  });
}
