"""The report in a real browser: nothing asked for, nothing foreign run, clicks and filters work."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import netlink as nl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROME, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.skipif(
        not (CHROME and DRIVER), reason="needs Debian's packages chromium and chromium-driver"
    ),
    pytest.mark.slow,
]

# Each would show an alert, or reach out, if a page took text for more than text.
XSS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<!--<script>",
    "]]><script>alert(1)</script>",
    "\u2028alert(1)//",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "<a href='https://example.org/x'>x</a>",
    "<link rel=stylesheet href=//example.org/x.css>",
    "<style>@import '//example.org/y.css'</style>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<details open ontoggle=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<base href='https://example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
]


def hostile() -> nl.Network:
    entities = pd.DataFrame({"entity_id": XSS, "entity_type": "person", "label": XSS[::-1]})
    entities["note"] = XSS[3:] + XSS[:3]
    rows = pd.DataFrame({"source": XSS, "target": XSS[1:] + XSS[:1], "document": XSS[2:] + XSS[:2]})
    rows["relationship_type"], rows["dataset"], rows["remark"] = "met", XSS[::-1], XSS
    rows["start"] = [f"2024-01-{day:02d}" for day in range(1, len(XSS) + 1)]
    return nl.read_tables(entities, rows)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROME
    for argument in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "window-size=1200,1000",
    ):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.set_capability("unhandledPromptBehavior", "ignore")
    found = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield found
    found.quit()


def opened(browser: Any, folder: Path) -> Any:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get_log("performance")
    browser.get_log("browser")
    browser.get((folder / "report.html").as_uri())
    # A busy browser may say that a page is there before its script has run.
    WebDriverWait(browser, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, "nav button"))
    return browser


def asked_for(browser: Any) -> set[str]:
    """Return the beginnings of all addresses that were asked for."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return {
        message["params"]["request"]["url"].split(":")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    network = hostile()
    case = nl.cases.build(network, around=XSS[:3], hops=2, max_degree=9)
    policy = nl.export.Policy(names="all", columns=("note", "remark"))
    return nl.export.bundle(
        case, tmp_path_factory.mktemp("bad") / "case", formats=["html"], policy=policy
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[nl.cases.Case, Path]:
    made_up = nl.datasets.synthetic_case(seed=1, size=300)
    network = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    assessment = nl.roles.assess(network)
    lead = assessment.leads("recruiter", n=1).index
    case = nl.cases.build(network, around=lead, hops=2, assessment=assessment)
    return case, nl.export.bundle(case, tmp_path_factory.mktemp("made") / "case", formats=["html"])


def test_no_alert_no_request_no_error(browser: Any, bad: Path) -> None:
    from selenium.common.exceptions import NoAlertPresentException
    from selenium.webdriver.common.by import By

    page = opened(browser, bad)
    for name in XSS[:4]:
        field = page.find_element(By.ID, "search")
        field.clear()
        field.send_keys(name + "\n")
        page.execute_script("arguments[0].dispatchEvent(new Event('change'))", field)
    for at in range(3):  # each fills the place of the records anew
        button = page.find_elements(By.CSS_SELECTOR, "#told button")[min(at, 1)]
        page.execute_script("arguments[0].click()", button)
    with pytest.raises(NoAlertPresentException):
        page.switch_to.alert.text  # noqa: B018 (raises where there is none)
    assert asked_for(page) <= {"file", "data"}
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []
    # What was given stands there as text.
    assert XSS[0] in page.find_element(By.TAG_NAME, "body").text


def test_a_search_shows_the_records_of_what_it_finds(browser: Any, made: Any) -> None:
    from selenium.webdriver.common.by import By

    case, folder = made
    page = opened(browser, folder)
    lead = case.around[0]
    label = case.network.entities.loc[lead, "label"]
    field = page.find_element(By.ID, "search")
    field.send_keys(label)
    page.execute_script("arguments[0].dispatchEvent(new Event('change'))", field)
    told = page.find_element(By.ID, "told")
    assert told.find_element(By.TAG_NAME, "h3").text == label
    rows = case.network.relationships
    ids = set(rows.index[(rows["source"] == lead) | (rows["target"] == lead)])
    shown = {cell.text for cell in told.find_elements(By.CSS_SELECTOR, "tbody td.id")}
    assert len(shown) == len(ids)
    assert shown - ids == {name for name in shown if name.startswith("relationship-")}
    field.clear()
    field.send_keys("nobody at all")
    page.execute_script("arguments[0].dispatchEvent(new Event('change'))", field)
    assert page.find_element(By.ID, "found").text == "nothing of that name"


def test_filters_of_type_and_time_count_what_is_left(browser: Any, made: Any) -> None:
    from selenium.webdriver.common.by import By

    case, folder = made
    page = opened(browser, folder)
    network = case.network

    def count() -> tuple[int, int]:
        words = page.find_element(By.ID, "count").text.split()
        return int(words[0]), int(words[4])

    assert count() == (network.n_entities, network.n_relationships)
    people = network.where(entity_types=["person"])
    for box in page.find_elements(By.CSS_SELECTOR, "#types label"):
        if not box.text.startswith("Person"):
            box.find_element(By.TAG_NAME, "input").click()
    assert count() == (people.n_entities, people.n_relationships)
    page.find_element(By.ID, "undated").click()
    dated = people.relationships["start"].notna().sum()
    assert count() == (people.n_entities, dated)
    first = network.relationships["start"].min().normalize()
    days = 400
    page.execute_script(
        "const e = document.getElementById('to'); e.value = arguments[0];"
        "e.dispatchEvent(new Event('input'))",
        days,
    )
    window = people.during(first, first + pd.Timedelta(days=days + 1))
    assert count() == (people.n_entities, window.n_relationships)


def test_the_slider_counts_days_in_the_zone_of_the_network(browser: Any, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By

    rows = pd.DataFrame({"source": list("aaa"), "target": list("bcd"), "relationship_type": "met"})
    rows["start"] = [
        "2024-01-01T20:00:00Z",
        "2024-01-03",
        "2024-02",
    ]
    network = nl.read_tables(None, rows, schema=nl.Schema(tz="Asia/Bangkok"))
    case = nl.cases.build(network, around=["a"])
    policy = nl.export.Policy(names="all")
    folder = nl.export.bundle(case, tmp_path / "case", formats=["html"], policy=policy)
    page = opened(browser, folder)

    def shown(start: int, end: int) -> tuple[str, int]:
        page.execute_script(
            "for (const [id, to] of [['from', arguments[0]], ['to', arguments[1]]]) {"
            "const e = document.getElementById(id); e.value = to;"
            "e.dispatchEvent(new Event('input')); }",
            start,
            end,
        )
        words = page.find_element(By.ID, "window").text
        return words, int(page.find_element(By.ID, "count").text.split()[4])

    assert shown(0, 0) == ("2024-01-02 to 2024-01-02 (Asia/Bangkok)", 1)
    assert shown(1, 1) == ("2024-01-03 to 2024-01-03 (Asia/Bangkok)", 1)
    assert shown(2, 29) == ("2024-01-04 to 2024-01-31 (Asia/Bangkok)", 0)
    assert shown(30, 30) == ("2024-02-01 to 2024-02-01 (Asia/Bangkok)", 1)
    assert shown(0, 58) == ("2024-01-02 to 2024-02-29 (Asia/Bangkok)", 3)


def test_the_contents_lead_to_every_part_and_types_go_at_once(browser: Any, made: Any) -> None:
    from selenium.webdriver.common.by import By

    page = opened(browser, made[1])
    links = page.find_elements(By.CSS_SELECTOR, "nav button")
    parts = page.find_elements(By.TAG_NAME, "h2")
    assert [link.text for link in links] == [part.text for part in parts]
    for link, part in zip(links, parts, strict=True):
        page.execute_script("arguments[0].click()", link)
        assert page.switch_to.active_element == part
        assert abs(part.rect["y"] - page.execute_script("return window.scrollY")) < 1000
    every = page.find_element(By.ID, "count").text
    for word in ("none", "all"):
        for button in page.find_elements(By.CSS_SELECTOR, "#types button"):
            if button.text == word:
                button.click()
                assert page.switch_to.active_element.text == word
                break
        is_all = word == "all"
        assert (page.find_element(By.ID, "count").text == every) == is_all
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_click_on_a_mark_and_on_a_line(browser: Any, bad: Path) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    page = opened(browser, bad)
    canvas = page.find_element(By.ID, "network")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
    # "show" of a search brings the mark to the middle.
    field = page.find_element(By.ID, "search")
    page.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))",
        field,
        XSS[0],
    )
    told = page.find_element(By.ID, "told")
    chosen = told.find_element(By.TAG_NAME, "h3").text
    ActionChains(page).move_to_element_with_offset(canvas, 0, 0).click().perform()
    assert told.find_element(By.TAG_NAME, "h3").text == chosen
    canvas.send_keys(Keys.ESCAPE)
    assert "Click a mark" in told.text
    canvas.send_keys("0", "+", "-", Keys.ARROW_LEFT)
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_leads_lead_to_the_network_and_print_has_the_picture(browser: Any, made: Any) -> None:
    from selenium.webdriver.common.by import By

    case, folder = made
    page = opened(browser, folder)
    buttons = page.find_elements(By.CSS_SELECTOR, "button[data-entity]")
    assert len(buttons) == len(case.leads) + len(case.safeguarding)
    page.execute_script("arguments[0].click()", buttons[-1])
    row = buttons[-1].find_element(By.XPATH, "ancestor::tr")
    cells = [cell.text for cell in row.find_elements(By.TAG_NAME, "td")]
    assert page.find_element(By.CSS_SELECTOR, "#told h3").text == cells[3]
    picture = page.find_element(By.CSS_SELECTOR, ".picture")
    assert not picture.is_displayed()
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert picture.is_displayed()
    assert not page.find_element(By.ID, "network").is_displayed()
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_nobody_to_protect_stands_in_the_page(made: Any) -> None:
    case, folder = made
    text = (folder / "report.html").read_text("utf-8")
    hidden = case.network.entities[case.protected.reindex(case.network.entities.index)]
    assert len(hidden) > 3
    for name, label in hidden["label"].items():
        assert str(name) not in text
        assert str(label) not in text
