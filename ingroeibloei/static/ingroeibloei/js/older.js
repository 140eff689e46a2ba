// What the other scripts count on and the browser of a tablet that gets no new versions (iPadOS 15) has not.
AbortSignal.timeout ||= (milliseconds) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new DOMException("", "TimeoutError")), milliseconds);
  return stop.signal;
};
HTMLFormElement.prototype.requestSubmit ||= function (submitter) {
  const button = submitter || this.appendChild(Object.assign(document.createElement("button"), { hidden: true }));
  button.click();
  if (!submitter) button.remove();
};
