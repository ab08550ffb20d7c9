"""The line icons, drawn on 24 × 24; the stroke comes from the CSS class `icon`."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "arrow-left": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "board": (
        '<rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><path d="M7.5 8.5v6M12 8.5v3.5M16.5 8.5v7"'
        ' stroke-width="2.5"/>'
    ),
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "chat": (
        '<path d="M6 4.5h12A2.5 2.5 0 0 1 20.5 7v7a2.5 2.5 0 0 1-2.5 2.5h-6.5l-4.5 4v-4H6A2.5 2.5 0 0 1 3.5 14V7'
        'A2.5 2.5 0 0 1 6 4.5z"/>'
    ),
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "copy": (
        '<rect x="8.5" y="8.5" width="12" height="12" rx="2.5"/>'
        '<path d="M15.5 8.5V6A2.5 2.5 0 0 0 13 3.5H6A2.5 2.5 0 0 0 3.5 6v7A2.5 2.5 0 0 0 6 15.5h2.5"/>'
    ),
    "dialogue": (
        '<circle cx="6.5" cy="8" r="2.75"/><circle cx="16.5" cy="6.5" r="2.75"/><circle cx="9" cy="17" r="2.75"/>'
        '<circle cx="17.75" cy="15.5" r="2.75"/>'
    ),
    "down": '<path d="M12 5v14M6 13l6 6 6-6"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4.5 20h15"/>',
    "eye": (
        '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/>'
    ),
    "eye-off": (
        '<path d="M9.5 5.8a9.6 9.6 0 0 1 2.5-.3c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6.3 7.3A16.6 16.6 0 0 0 2.5 12'
        's3.5 6.5 9.5 6.5a9.4 9.4 0 0 0 4.4-1.1M10 10a3 3 0 0 0 4.1 4.1M3.5 3.5l17 17"/>'
    ),
    "file": '<path d="M7.5 3.5h6l5 5v10A2 2 0 0 1 16.5 20.5h-9a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2zM13.5 3.5v5h5"/>',
    "flag": '<path d="M5.5 21V4.5c4-2 7 2 13 0v9c-6 2-9-2-13 0"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5h.01"/>',
    "link": (
        '<path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"/>'
    ),
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2.5"/><path d="M8 10.5v-3a4 4 0 0 1 8 0v3M12 14.5v2"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "more": '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3"/>',
    "pencil": ('<path d="M4 20l1-4.5 11-11a2.1 2.1 0 0 1 3 0l.5.5a2.1 2.1 0 0 1 0 3L8.5 19zM14 6.5l3.5 3.5"/>'),
    "people": (
        '<circle cx="9" cy="8.5" r="3.25"/><path d="M2.5 19.5c.5-3.7 3-5.25 6.5-5.25s6 1.55 6.5 5.25'
        'M15 5.3a3.25 3.25 0 0 1 0 6.4M17.5 14.6c2.3.6 3.7 2.2 4 4.9"/>'
    ),
    "person": '<circle cx="12" cy="8" r="3.75"/><path d="M4.5 20.5c.6-4.2 3.6-6 7.5-6s6.9 1.8 7.5 6"/>',
    "phone": '<rect x="7" y="2.5" width="10" height="19" rx="2.5"/><path d="M11 18.5h2"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "poll": '<path d="M4 6h11M4 12h16M4 18h7" stroke-width="3.5"/>',
    "print": (
        '<path d="M7 8.5v-5h10v5M7 17H5.5a2 2 0 0 1-2-2v-4.5a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2V15a2 2 0 0 1-2 2H17'
        'M7 14h10v6.5H7z"/>'
    ),
    "question": (
        '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8h.01"/>'
    ),
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5l5 5"/>',
    "star": '<path d="M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.8-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8z"/>',
    "star-filled": (
        '<path class="filled" d="M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.8-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8z"/>'
    ),
    "step": '<path d="M3.5 19.5h5v-5h5v-5h5v-5h2"/>',
    "trash": (
        '<path d="M4 6.5h16M9 6.5v-2a1 1 0 0 1 1-1h4a1 1 0 0 1 1 1v2M6 6.5l1 12.6a1.5 1.5 0 0 0 1.5 1.4h7'
        'a1.5 1.5 0 0 0 1.5-1.4L18 6.5M10 11v5.5M14 11v5.5"/>'
    ),
    "up": '<path d="M12 19V5M6 11l6-6 6 6"/>',
    "upload": '<path d="M12 15.5v-11M7 9l5-5 5 5M4.5 20h15"/>',
    "warning": '<path d="M12 4l9 15.5H3zM12 10v4.5M12 17h.01"/>',
}
