import type en from "../en/overview";
import { russian } from "../plural";

const { count, number } = russian;

const ru: typeof en = {
    title: "Обзор",
    lead: "Здорова ли цепочка, что записывается и что требует внимания.",
    health: {
        title: "Здорова ли цепочка?",
        good: "блоки финализируются",
        slow: "финализация отстаёт",
        stalled: "давно не было новых финализированных блоков",
        away: "нет связи",
        block: "Финализированный блок",
        age: "Создан",
        ageBefore: (span: string) => `${span} назад по часам этого компьютера`,
        ahead: (span: string) => `${span} в будущем по часам этого компьютера: одни из двух часов неверны`,
        lag: "Ещё не финализировано",
        lagBlocks: (blocks: number) => count(blocks, { one: "блок", few: "блока", many: "блоков" }),
        records: "Записей в журнале",
        index: "Индекс",
        indexSynced: "полон",
        indexBehind: (blocks: number) => `отстаёт на ${count(blocks, { one: "блок", few: "блока", many: "блоков" })}`,
        indexNone: "у этого узла его нет",
        slots: (empty: number, slots: number, blocks: number) =>
            `За последние ${count(blocks, { one: "блок", few: "блока", many: "блоков" })} без блока прошло слотов: ${number(empty)} из ${number(slots)}.`,
        rhythm: "Время от блока до блока",
        rhythmBlock: "Блок",
        rhythmSeconds: "Секунды",
        noRhythm: "Блоков пока недостаточно.",
        validators: "Валидаторы",
        validator: "Валидатор",
        organisation: "Организация",
        set: "Набор",
        inSet: "в наборе",
        joining: "в следующем наборе",
        outside: "вне набора",
        silent: "молчит",
        skipped: "Пропущено слотов",
        all: "Всё о валидаторах",
    },
    activity: {
        title: "Что записывается?",
        none: "За последние 24 часа ничего не записано.",
        whole: (records: number) => `За последние 24 часа: ${count(records, { one: "запись", few: "записи", many: "записей" })}.`,
        part: (records: number, from: string) => `Новейшие ${count(records, { one: "запись", few: "записи", many: "записей" })} с ${from}; за последние 24 часа их больше.`,
        plot: (minutes: number) =>
            minutes === 60
                ? "Записей в час"
                : minutes === 1
                  ? "Записей в минуту"
                  : `Записей за ${count(minutes, { one: "минуту", few: "минуты", many: "минут" })}`,
        time: "С",
        records: "Записи",
        kind: "Вид",
        count: "Записей",
        all: "Журнал",
        refresh: "Пересчитать",
        asOf: (block: number) => `По состоянию на блок ${number(block)}.`,
    },
    attention: {
        title: "Что требует внимания?",
        nothing: "Ничего, что требует внимания, не найдено.",
        what: "Что",
        which: "Где",
        when: "Когда",
        since: "с",
        until: "до",
        refresh: "Проверить снова",
        kinds: {
            obligation_overdue: "долг старше 30 дней",
            payment_unanswered: "об оплате заявлено, ответа нет больше 7 дней",
            cycle_late: "цикл взаимозачёта просрочен",
            grant_expiring: "разрешение заканчивается в течение 30 дней",
            calibration_expired: "калибровка истекла",
            calibration_expiring: "калибровка истекает в течение 30 дней",
            key_expiring: "прежний ключ перестанет приниматься в течение 30 дней",
            device_distrusted: "устройству нет доверия",
            validator_silent: "валидатор молчит",
        },
        looked: (lists: string, block: number) => `Проверено: ${lists}; по состоянию на блок ${number(block)}.`,
        lists: {
            obligations: (found: number) => count(found, { one: "обязательство", few: "обязательства", many: "обязательств" }),
            cycles: (found: number) => `последние циклы валют (${number(found)})`,
            grants: (found: number) => count(found, { one: "разрешение", few: "разрешения", many: "разрешений" }),
            devices: (found: number) => count(found, { one: "устройство", few: "устройства", many: "устройств" }),
            validators: (found: number) => count(found, { one: "валидатор", few: "валидатора", many: "валидаторов" }),
        },
        onlyFirst: (list: string) => `только первые ${list}`,
        first: (shown: number, all: number) => `Первые ${number(shown)} из ${number(all)}.`,
        showAll: "Показать все",
    },
};

export default ru;
