// Files on their way: how far they are, and that nothing is done twice where the line breaks.
// Without this script the same form is sent by the browser itself.
"use strict";

const UPLOAD_WORDS = document.documentElement.lang.startsWith("zh") ? {
  sending: "正在上传", taking: "已上传，正在检查", stop: "取消上传", stopped: "已取消，没有提交",
  broken: "网络中断。请再按一次提交：同一份表单不会重复记录。",
} : {
  sending: "uploading", taking: "uploaded, being checked", stop: "Stop",
  stopped: "stopped, nothing was handed in",
  broken: "The connection broke. Send it again: the same form is never recorded twice.",
};

function report(form) {
  const box = document.createElement("p");
  box.className = "upload";
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", UPLOAD_WORDS.sending);
  const words = document.createElement("span");
  words.setAttribute("role", "status");
  const stop = document.createElement("button");
  stop.type = "button";
  stop.textContent = UPLOAD_WORDS.stop;
  box.append(bar, words, stop);
  form.append(box);
  return { box, bar, words, stop };
}

function show(request) {
  // The page that answers, whatever it says: its message stands in it, and nowhere else.
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  // A form that came back leaves one where its page is.
  if (request.status !== 422) history.pushState(null, "", request.responseURL);
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  document.body.replaceWith(page.body);
  const told = document.querySelector(".told") || document.querySelector("h1");
  if (told) {
    told.tabIndex = -1;
    told.focus();
  }
  window.scrollTo(0, 0);
}

function send(form, submitter) {
  const body = new FormData(form);
  if (submitter && submitter.name) body.append(submitter.name, submitter.value);
  const buttons = [...form.querySelectorAll("button")];
  const told = report(form);
  const request = new XMLHttpRequest();
  const again = (words) => {
    told.bar.remove();
    told.stop.remove();
    told.words.textContent = words;
    buttons.forEach((one) => { one.disabled = false; });
    delete form.dataset.sending;
  };
  form.dataset.sending = "yes";
  buttons.forEach((one) => { one.disabled = true; });
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.floor(event.loaded * 100 / event.total);
    told.bar.value = percent;
    told.words.textContent = `${UPLOAD_WORDS.sending} ${percent} %`;
  });
  request.upload.addEventListener("load", () => {
    told.bar.removeAttribute("value");
    told.stop.disabled = true;
    told.words.textContent = UPLOAD_WORDS.taking;
  });
  request.addEventListener("load", () => show(request));
  request.addEventListener("error", () => again(UPLOAD_WORDS.broken));
  request.addEventListener("abort", () => again(UPLOAD_WORDS.stopped));
  told.stop.addEventListener("click", () => request.abort());
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(body);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const files = [...form.querySelectorAll('input[type="file"]')];
  if (form.enctype !== "multipart/form-data" || !files.some((one) => one.files.length)) return;
  event.preventDefault();
  form.querySelectorAll(".upload").forEach((one) => one.remove());
  if (!form.dataset.sending) send(form, event.submitter);
});

window.addEventListener("popstate", () => location.reload());
