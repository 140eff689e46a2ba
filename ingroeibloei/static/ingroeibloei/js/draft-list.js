// Where a child is chosen: about whom something was typed and not sent. Names stand on the page only; a child that is not
// on it is offered without one.
(() => {
  const place = document.querySelector("[data-drafts]");
  const store = self.offlineStore;
  if (!place || !store || !self.isSecureContext || !window.indexedDB) return;
  const list = place.querySelector("ul");
  const link = (pupil) => `${place.dataset.address}?pupil=${encodeURIComponent(pupil)}`;

  const offer = (pupil) => {
    const cards = document.querySelectorAll(`[data-pupil="${CSS.escape(pupil)}"]`);
    for (const card of cards) card.querySelector("[data-drafted]").hidden = false;
    const name = cards.length ? cards[0].querySelector("bdi").textContent : place.dataset.nameless;
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = link(pupil);
    anchor.textContent = name;
    item.append(anchor);
    list.append(item);
  };

  const show = async () => {
    const pupils = await store.draftedPupils(place.dataset.drafts);
    pupils.forEach(offer);
    place.hidden = pupils.length === 0;
  };
  show().catch(() => {});
})();
