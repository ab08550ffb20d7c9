// Keeps, in this browser alone, the key under which somebody votes in an activity and the words of their receipt.

const STORE = "samsyn.receipt";

function cookie(name) {
  return document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** A random key, made here, for this activity alone. One that the server has just drawn is for where no scripts run. */
function keepVoterKey(drawn) {
  if (cookie("voter") && !drawn) return;
  const path = location.pathname.match(/^\/o\/[^/]+\/a\/[^/]+\//)?.[0];
  if (!path) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `voter=${key}; path=${path}; max-age=31536000; samesite=lax${secure}`;
}

function stored() {
  try { return localStorage.getItem(STORE); } catch { return null; }
}

const votes = document.querySelector("[data-voter]");
if (votes) keepVoterKey(votes.dataset.voter === "drawn");

const field = document.querySelector("[data-receipt-words]");
if (field && stored()) field.value = stored();

const shown = document.querySelector("[data-receipt]");
if (shown) {
  try {
    localStorage.setItem(STORE, shown.dataset.receipt);
    document.querySelector("[data-kept]").hidden = false;
  } catch { /* no store: the words stand on the page */ }
  document.querySelector("[data-forget]")?.addEventListener("click", () => {
    localStorage.removeItem(STORE);
    document.querySelector("[data-kept]").hidden = true;
    document.querySelector("[data-forgotten]").hidden = false;
  });
}
