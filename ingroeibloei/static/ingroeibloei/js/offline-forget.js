// Where one signs in nobody is signed in: names that a session left on this device go. What waits to be sent stays sealed.
(() => {
  if (!self.offlineStore || !self.isSecureContext || !window.indexedDB) return;
  self.offlineStore.forgetChildren().catch(() => {});
})();
