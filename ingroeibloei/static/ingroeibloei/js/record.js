// Records into a file field (data-recording): its form goes the ordinary way. Without a microphone the field stays alone.
(() => {
  const desk = document.querySelector("[data-recorder]");
  const field = document.querySelector("input[data-recording]");
  if (!desk || !field || !window.MediaRecorder || !navigator.mediaDevices) return;
  const [start, stop] = [desk.querySelector("[data-start]"), desk.querySelector("[data-stop]")];
  const [line, player] = [desk.querySelector("[role=status]"), desk.querySelector("audio")];
  const elapsed = desk.querySelector("[data-elapsed]");
  const longest = Number(desk.dataset.seconds);
  const kind = ["audio/mp4", "audio/webm;codecs=opus", "audio/ogg;codecs=opus"].find((name) => MediaRecorder.isTypeSupported(name));
  let recorder = null;
  let asking = false; // the browser asks whether it may: a second tap would leave a microphone open
  let clock = 0;

  const say = (words) => { line.textContent = words; };
  const show = (isRecording) => {
    start.hidden = isRecording;
    stop.hidden = !isRecording;
    (isRecording ? stop : start).focus();
  };

  const keep = (blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], "opname", { type: blob.type }));
    field.files = files.files;
    if (player.src) URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(blob);
    player.hidden = false;
    say(desk.dataset.done);
  };

  const end = () => {
    if (recorder && recorder.state === "recording") recorder.stop();
  };

  const begin = async () => {
    if (asking) return;
    asking = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true, echoCancellation: true } });
    } catch {
      say(desk.dataset.refused);
      return;
    } finally {
      asking = false;
    }
    const parts = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 40000 });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      for (const track of stream.getTracks()) track.stop();
      show(false);
      keep(new Blob(parts, { type: recorder.mimeType }));
    });
    recorder.start();
    const began = Date.now();
    show(true);
    say(desk.dataset.recording);
    clock = setInterval(() => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      elapsed.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= longest) end();
    }, 250);
  };

  start.addEventListener("click", begin);
  stop.addEventListener("click", end);
  desk.hidden = false;
})();
