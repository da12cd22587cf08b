"""The page that a graduate gets: result, each refused option with its reason, how to object – kk, ru, en.

Belongs here: the sentences. Does not belong here: finding reasons (`explain.py`) and any personal fact
beyond the graduate's own result; grounds that are special-category facts are told as a code only.
"""

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")

_TEXT: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Placement {campaign}: the result for graduate {graduate}",
        "placed": "You are proposed for line {line}, number {rank} of your own list.",
        "placed_tail": "You are proposed for line {line}. It is not on your own list: it comes from the "
        "published extension of every list.",
        "pinned": "You are proposed for line {line} by a decision recorded before the run.",
        "unplaced": "No place was found for you in this run.",
        "empty": "Your list names no line.",
        "proposal": "This is a proposal. It takes effect only when a person of the commission confirms it.",
        "above": "Lines you ranked higher, and why they went to others:",
        "FILLED_BY_HIGHER": "{line} (your number {rank}): all seats went to graduates who stand higher. "
        "The last one admitted had {cut_off}, you have {own}.",
        "FILLED_BY_DRAW": "{line} (your number {rank}): all seats were filled. The last one admitted had "
        "{cut_off}, as you have; the lottery decided, place {cut_off_draw} before yours, {own_draw}.",
        "FILLED_BY_STANDING": "{line} (your number {rank}): all seats are held by posts confirmed before.",
        "FLOOR_RESERVED": "{line} (your number {rank}): a seat is empty, but the places left are "
        "reserved so that {detail} receives its minimum.",
        "CAP_REACHED": "{line} (your number {rank}): a seat is empty, but {detail} has reached its maximum.",
        "NOT_ELIGIBLE": "{line} (your number {rank}): you may not serve there (code {detail}).",
        "CLOSED": "{line} (your number {rank}): the line is closed or has no seat.",
        "PINNED": "{line} (your number {rank}): not considered, because your place was fixed before the run.",
        "COUPLE_MOVED_ON": "{line} (your number {rank}): not applied for at the step of the couple's list "
        "that was reached.",
        "none_above": "You got the first line of your list.",
        "objection": "You may object. The commission answers within three working days.",
        "rank": "rank {value}",
        "score": "{value} points",
    },
    "ru": {
        "title": "Распределение {campaign}: результат выпускника {graduate}",
        "placed": "Вам предлагается место {line}, номер {rank} в Вашем списке.",
        "placed_tail": "Вам предлагается место {line}. Его нет в Вашем списке: оно взято из "
        "опубликованного продолжения, общего для всех списков.",
        "pinned": "Вам предлагается место {line} по решению, записанному до распределения.",
        "unplaced": "В этом туре место для Вас не найдено.",
        "empty": "В Вашем списке нет ни одного места.",
        "proposal": "Это предложение. Оно вступает в силу только после подтверждения членом комиссии.",
        "above": "Места, которые Вы поставили выше, и причины отказа:",
        "FILLED_BY_HIGHER": "{line} (номер {rank} у Вас): все места заняли выпускники, стоящие выше. "
        "У последнего принятого – {cut_off}, у Вас – {own}.",
        "FILLED_BY_DRAW": "{line} (номер {rank} у Вас): все места заняты. У последнего принятого – "
        "{cut_off}, как и у Вас; решил жребий: его номер {cut_off_draw}, Ваш – {own_draw}.",
        "FILLED_BY_STANDING": "{line} (номер {rank} у Вас): все места заняты ранее подтверждёнными.",
        "FLOOR_RESERVED": "{line} (номер {rank} у Вас): место свободно, но оставшиеся назначения "
        "сохранены за {detail}, чтобы там был выполнен минимум.",
        "CAP_REACHED": "{line} (номер {rank} у Вас): место свободно, но достигнут максимум для {detail}.",
        "NOT_ELIGIBLE": "{line} (номер {rank} у Вас): там Вам отрабатывать нельзя (код {detail}).",
        "CLOSED": "{line} (номер {rank} у Вас): вакансия закрыта или не имеет мест.",
        "PINNED": "{line} (номер {rank} у Вас): не рассматривалось, Ваше место определено заранее.",
        "COUPLE_MOVED_ON": "{line} (номер {rank} у Вас): на достигнутом шаге списка пары заявка сюда "
        "не подавалась.",
        "none_above": "Вы получили первое место своего списка.",
        "objection": "Вы вправе подать возражение. Комиссия отвечает в течение трёх рабочих дней.",
        "rank": "место {value} по порядку",
        "score": "баллы: {value}",
    },
    "kk": {
        "title": "{campaign} бөлу: {graduate} түлегінің нәтижесі",
        "placed": "Сізге {line} орны ұсынылады, ол Сіздің тізіміңізде {rank}-нөмір.",
        "placed_tail": "Сізге {line} орны ұсынылады. Ол Сіздің тізіміңізде жоқ: барлық тізімге ортақ "
        "жарияланған жалғасынан алынды.",
        "pinned": "Сізге {line} орны бөлуге дейін жазылған шешім бойынша ұсынылады.",
        "unplaced": "Бұл кезеңде Сізге орын табылмады.",
        "empty": "Сіздің тізіміңізде бірде-бір орын жоқ.",
        "proposal": "Бұл – ұсыныс. Ол комиссия мүшесі растағаннан кейін ғана күшіне енеді.",
        "above": "Сіз жоғары қойған орындар және бас тарту себептері:",
        "FILLED_BY_HIGHER": "{line} (Сізде {rank}-нөмір): барлық орынды жоғары тұрған түлектер алды. "
        "Соңғы қабылданғанда – {cut_off}, Сізде – {own}.",
        "FILLED_BY_DRAW": "{line} (Сізде {rank}-нөмір): барлық орын толды. Соңғы қабылданғанда – "
        "{cut_off}, Сіздегідей; жеребе шешті: оның нөмірі {cut_off_draw}, Сіздікі – {own_draw}.",
        "FILLED_BY_STANDING": "{line} (Сізде {rank}-нөмір): барлық орын бұрын расталғандарға тиесілі.",
        "FLOOR_RESERVED": "{line} (Сізде {rank}-нөмір): орын бос, бірақ {detail} үшін ең аз сан "
        "орындалуы тиіс, қалған тағайындаулар соған сақталған.",
        "CAP_REACHED": "{line} (Сізде {rank}-нөмір): орын бос, бірақ {detail} үшін ең көп санға жетті.",
        "NOT_ELIGIBLE": "{line} (Сізде {rank}-нөмір): онда өтеуге болмайды (коды {detail}).",
        "CLOSED": "{line} (Сізде {rank}-нөмір): бос жұмыс орны жабық немесе орны жоқ.",
        "PINNED": "{line} (Сізде {rank}-нөмір): қаралмады, Сіздің орныңыз алдын ала белгіленген.",
        "COUPLE_MOVED_ON": "{line} (Сізде {rank}-нөмір): жұп тізімінің жеткен қадамында бұл орынға "
        "өтініш берілмеді.",
        "none_above": "Сіз өз тізіміңіздегі бірінші орынды алдыңыз.",
        "objection": "Сіз қарсылық білдіре аласыз. Комиссия үш жұмыс күні ішінде жауап береді.",
        "rank": "реті {value}",
        "score": "{value} ұпай",
    },
}


def letter(
    graduate_id: str,
    placement: Mapping[str, Any],
    explanations: pd.DataFrame,
    *,
    campaign: str,
    language: Language,
    line_names: Mapping[str, str] | None = None,
    scope_names: Mapping[str, str] | None = None,
    is_ranked: bool = False,
) -> str:
    """One page of plain text.

    Args:
        graduate_id: whose page.
        placement: the graduate's row of placements (line_id, rank, source).
        explanations: the graduate's rows of explanations; others are left out.
        campaign: its public name.
        language: kk, ru or en.
        line_names: line_id -> name to show; the id where absent.
        scope_names: scope -> name to show; the scope where absent.
        is_ranked: lines gave ranks, not scores.
    """
    text, names, scopes = _TEXT[language], line_names or {}, scope_names or {}
    own = explanations[explanations["graduate_id"] == graduate_id]
    options = own[own["line_id"].notna()]
    parts = [text["title"].format(campaign=campaign, graduate=graduate_id), ""]
    line = placement["line_id"]
    if pd.isna(line):
        parts.append(text["unplaced"])
        if (own["reason_code"] == "EMPTY_LIST").any():
            parts.append(text["empty"])
    else:
        kinds = {"tail": "placed_tail", "override": "pinned", "standing": "pinned"}
        key = kinds.get(str(placement["source"]), "placed")
        rank = "" if pd.isna(placement["rank"]) else int(placement["rank"])
        parts += [text[key].format(line=names.get(line, line), rank=rank), text["proposal"]]
    if len(options):
        parts += ["", text["above"]]
        measure = text["rank" if is_ranked else "score"]
        for option in options.sort_values("rank").to_dict("records"):
            parts.append("– " + _reason(option, text, measure, names, scopes))
    elif not pd.isna(line) and placement["source"] == "list":
        parts += ["", text["none_above"]]
    return "\n".join([*parts, "", text["objection"]]) + "\n"


def _reason(
    option: Mapping[Any, Any],
    text: Mapping[str, str],
    measure: str,
    names: Mapping[str, str],
    scopes: Mapping[str, str],
) -> str:
    """The sentence of one option."""
    code = str(option["reason_code"])
    if code == "FILLED_BY_HIGHER" and option["gap"] == 0:
        code = "FILLED_BY_DRAW"
    detail = "" if pd.isna(option["detail"]) else str(option["detail"])
    return text[code].format(
        line=names.get(option["line_id"], option["line_id"]),
        rank=_number(option["rank"]),
        detail=scopes.get(detail, detail),
        own=measure.format(value=_number(option["own_score"])),
        cut_off=measure.format(value=_number(option["cut_off_score"])),
        own_draw=_number(option["own_draw"]),
        cut_off_draw=_number(option["cut_off_draw"]),
    )


def _number(value: Any) -> str:
    """A number without a needless tail."""
    return "" if pd.isna(value) else f"{float(value):g}"
