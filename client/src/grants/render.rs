//! Grants in words.
//!
//! Texts that others wrote are shown in quotes with their control characters escaped, so that they cannot pass for
//! something else on a terminal.

use super::codes::Codes;
use crate::time::{format_duration, format_utc};
use citynet_primitives::{
    AccessReport, Amount, Body, Document, GrantId, GrantInfo, GrantState, Hash, Moment, ObligationInfo, PersonalData,
    Price, Terms, Tier, Unit, Usage, UsageLimit, Versions,
};

/// Terms as names and values, each a sentence or a fact.
pub fn terms(terms: &Terms, codes: &Codes) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("data", format!("dataset {}, {}", terms.dataset, versions(&terms.versions))),
        ("provider", format!("organisation {} grants it", terms.provider)),
        ("consumer", format!("organisation {} uses it", terms.consumer)),
        ("controller", format!("organisation {} answers to the people whom the data is about", terms.controller)),
        ("may", join(terms.actions.iter())),
        ("for", join(terms.purposes.iter().map(|code| codes.purpose_name(*code)))),
        ("time", format!("from {}, until before {}", format_utc(terms.not_before), format_utc(terms.not_after))),
        ("limit", limit(&terms.limit)),
        ("price", price(&terms.price)),
        ("passing on", passing_on(terms)),
        ("where", quoted(&terms.jurisdiction)),
        ("personal data", personal_data(terms.personal_data).to_owned()),
        ("legal basis", terms.legal_basis.map_or_else(|| "none".to_owned(), |code| codes.legal_basis_name(code))),
        (
            "retention",
            match terms.retention_days {
                None => "not limited".to_owned(),
                Some(days) => format!("what it had is deleted at most {days} days after the end"),
            },
        ),
        (
            "recipients",
            match terms.recipients.as_slice() {
                [] => "nobody else".to_owned(),
                recipients => join(recipients.iter().map(|recipient| quoted(recipient))),
            },
        ),
    ];
    if let Some(consent) = &terms.consent {
        lines.push(("consent", format!("committed to by {}", hexed(consent))));
    }
    if let Some(notice) = &terms.notice {
        lines.push(("notice", format!("{}, in language {}", hexed(&notice.hash), quoted(&notice.language))));
    }
    if let Some(withdrawal) = &terms.withdrawal {
        lines.push(("withdrawal", quoted(withdrawal)));
    }
    if let Some(assessment) = &terms.assessment {
        lines.push(("assessment", hexed(assessment)));
    }
    lines.push((
        "agreement",
        terms.agreement.as_ref().map_or_else(|| "none".to_owned(), |agreement| format!("ODRL {}", document(agreement))),
    ));
    lines
}

/// What use costs. Of a currency only its number is known here, so amounts are in its smallest unit.
pub fn price(price: &Price) -> String {
    match price {
        Price::Free => "free".to_owned(),
        Price::Contract { contract } => format!("as the contract says: {}", document(contract)),
        Price::Fixed { currency, amount } => format!("{}, paid when it begins", money(*currency, *amount)),
        Price::PerPeriod { currency, amount, period } => {
            format!("{} for every {} that begins", money(*currency, *amount), format_duration(*period))
        }
        Price::Metered { currency, unit, per, tiers, dispute_window } => {
            let step = |tier: &Tier| match tier.above {
                0 => money(*currency, tier.amount),
                above => format!("{} above {above}", money(*currency, tier.amount)),
            };
            let (steps, window) = (join(tiers.iter().map(step)), format_duration(*dispute_window));
            let what = match unit {
                Unit::Access => plural(*per, "access", "accesses"),
                Unit::Record => plural(*per, "record", "records"),
                Unit::Byte => plural(*per, "byte", "bytes"),
            };
            format!("for every {per} {what}: {steps}; statements can be disputed for {window}")
        }
    }
}

fn money(currency: u32, amount: Amount) -> String {
    format!("{amount} of the smallest unit of currency {currency}")
}

/// Which versions.
pub fn versions(versions: &Versions) -> String {
    let mut words = match (versions.first, versions.last) {
        (1, None) => "all versions, also those to come".to_owned(),
        (first, None) => format!("all versions from {first} on, also those to come"),
        (first, Some(last)) if first == last => format!("version {first} only"),
        (first, Some(last)) => format!("versions {first} to {last}"),
    };
    if let Some(content) = &versions.content {
        words.push_str(&format!(", whose content is {}", hexed(content)));
    }
    words
}

/// How much may be used.
pub fn limit(limit: &UsageLimit) -> String {
    let parts = [(limit.accesses, "accesses"), (limit.records, "records"), (limit.bytes, "bytes")];
    let parts: Vec<String> =
        parts.iter().filter_map(|(most, what)| most.map(|most| format!("{most} {what}"))).collect();
    match parts.as_slice() {
        [] => "none".to_owned(),
        parts => format!("{} in all", parts.join(", ")),
    }
}

/// How much was used.
pub fn usage(usage: &Usage) -> String {
    let Usage { accesses, records, bytes } = *usage;
    format!(
        "{accesses} {}, {records} {}, {bytes} {}",
        plural(accesses, "access", "accesses"),
        plural(records, "record", "records"),
        plural(bytes, "byte", "bytes")
    )
}

/// The word for so many.
pub fn plural(count: u64, one: &'static str, more: &'static str) -> &'static str {
    if count == 1 {
        one
    } else {
        more
    }
}

fn passing_on(terms: &Terms) -> String {
    let data = if terms.restricted_delegation { "restricted data too" } else { "no restricted data" };
    match terms.delegation_depth {
        0 => "not allowed".to_owned(),
        1 => format!("allowed, once ({data})"),
        depth => format!("allowed, {depth} times one after the other ({data})"),
    }
}

fn personal_data(class: PersonalData) -> &'static str {
    match class {
        PersonalData::None => "none: it is not about people",
        PersonalData::Pseudonymised => "about people whose names were replaced",
        PersonalData::Personal => "about people",
        PersonalData::SpecialCategory => "about people's health, origin, opinions or bodies",
    }
}

/// Where a grant is, at a time: whether it is in force also depends on that and on its use. Those that it stands on are
/// not looked at.
pub fn standing(info: &GrantInfo, now: Moment) -> String {
    let state = info.state;
    if matches!(state, GrantState::Active | GrantState::Suspended) {
        if info.terms.not_after <= now {
            return format!("{state}, but expired at {}", format_utc(info.terms.not_after));
        }
        if now < info.terms.not_before {
            return format!("{state}, but it begins at {} only", format_utc(info.terms.not_before));
        }
        if info.terms.limit.is_used_up(&info.used_in_all) {
            return format!("{state}, but used up");
        }
    }
    match state {
        GrantState::Offered if info.binding => format!("{state}; accepting is enough"),
        GrantState::Requested => format!("{state}; the provider agrees or offers other terms"),
        GrantState::Offered => format!("{state}; the consumer accepts or asks for other terms"),
        GrantState::Accepted => format!("{state}; the provider agrees"),
        GrantState::Agreed => format!("{state}; the consumer verifies"),
        GrantState::Verified => format!("{state}; the provider finalises"),
        _ => state.to_string(),
    }
}

/// As [`standing`], and what keeps an active grant from being in force: the nearest of those that it stands on, `above` from
/// its parent to the first, which is not active itself.
pub fn standing_on(info: &GrantInfo, above: &[(GrantId, GrantInfo)], now: Moment) -> String {
    let own = standing(info, now);
    let mut others = above.iter().map(|(grant, info)| (grant, standing(info, now)));
    match others.find(|(_, standing)| standing.as_str() != GrantState::Active.as_str()) {
        Some((grant, standing)) if info.state == GrantState::Active => {
            format!("{own}, but grant {grant}, on which it stands, is {standing}")
        }
        _ => own,
    }
}

/// What a record about a grant says.
pub fn happened(body: &Body) -> String {
    match body {
        Body::GrantRequested { supersedes, .. } => match supersedes {
            None => "requested".to_owned(),
            Some(before) => format!("requested, in place of grant {before}"),
        },
        Body::GrantOffered { parent, supersedes, binding, .. } => {
            let mut words = if *binding { "offered, bindingly" } else { "offered" }.to_owned();
            if let Some(parent) = parent {
                words.push_str(&format!(", standing on grant {parent}"));
            }
            if let Some(before) = supersedes {
                words.push_str(&format!(", in place of grant {before}"));
            }
            words
        }
        Body::GrantAdvanced { state, .. } => state.to_string(),
        Body::GrantStateChanged { state, reason, note, .. } => {
            let note = if note.is_empty() { String::new() } else { format!(": {}", quoted(note)) };
            format!("{state} ({reason}){note}")
        }
        Body::AccessReported { report, .. } => reported(report),
        Body::AccessContested { counter, usage: counted, reason, .. } => {
            format!("report {counter} contested: the consumer counts {}: {}", usage(counted), quoted(reason))
        }
        Body::PriceHeld { currency, amount, .. } => format!("its price is on hold: {}", money(*currency, *amount)),
        Body::PriceReleased { .. } => "its price is free again".to_owned(),
        Body::PricePaid { currency, amount, creditor, .. } => {
            format!("its price was paid to organisation {creditor}: {}", money(*currency, *amount))
        }
        Body::UsageStated { statement, usage: stated, .. } => format!("statement {statement}: {}", usage(stated)),
        Body::UsageDisputed { statement, usage: counted, reason, .. } => {
            format!("statement {statement} disputed: the consumer counts {}: {}", usage(counted), quoted(reason))
        }
        Body::UsageRuled { statement, usage: ruled, reason, .. } => {
            format!("the council ruled on statement {statement}: {}: {}", usage(ruled), quoted(reason))
        }
        Body::ObligationCreated { obligation, info } => owed(*obligation, info),
        Body::ObligationReversed { obligation, info, reason } => {
            let reverses = info.reverses.map_or_else(String::new, |other| format!(", reversing obligation {other}"));
            format!("{}{reverses}: {}", owed(*obligation, info), quoted(reason))
        }
        Body::ObligationPaid { obligation } => format!("obligation {obligation} was paid on the ledger"),
        Body::PaymentDeclared { obligation, .. } => format!("obligation {obligation} is said to be paid by bank"),
        Body::PaymentAnswered { obligation, confirmed: true, .. } => {
            format!("the payment of obligation {obligation} has arrived")
        }
        Body::PaymentAnswered { obligation, confirmed: false, reason } => {
            format!("the payment of obligation {obligation} has not arrived: {}", quoted(reason))
        }
        Body::DeclarationWithdrawn { obligation } => {
            format!("nobody answered about the payment of obligation {obligation}; it is owed again")
        }
        other => other.kind().to_owned(),
    }
}

fn owed(obligation: u64, info: &ObligationInfo) -> String {
    let ObligationInfo { debtor, creditor, currency, amount, .. } = info;
    let amount = money(*currency, *amount);
    format!("obligation {obligation}: organisation {debtor} owes organisation {creditor} {amount}")
}

fn reported(report: &AccessReport) -> String {
    let refused = report.refused.iter().fold(0u64, |sum, refused| sum.saturating_add(refused.count));
    let refused = if refused == 0 { String::new() } else { format!("; {refused} attempts refused") };
    format!(
        "report {} until before {}: {} so far{refused}",
        report.counter,
        format_utc(report.to),
        usage(&report.usage)
    )
}

fn document(document: &Document) -> String {
    match document.uri.as_slice() {
        [] => hexed(&document.hash),
        uri => format!("{} at {}", hexed(&document.hash), quoted(uri)),
    }
}

fn join<T: ToString>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn quoted(bytes: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(bytes))
}

fn hexed(hash: &Hash) -> String {
    format!("0x{}", hex::encode(hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grants::{Known, TermsFile};
    use citynet_primitives::{OrganisationId, ReasonCode, SubjectHead, Unit};

    fn some_terms() -> Terms {
        let file = TermsFile::from_toml(crate::grants::file::TEMPLATE).unwrap();
        let known = Known { provider: Some(OrganisationId(1)), ..Known::default() };
        file.terms(&known, &Codes::built_in(), &[0; 32]).unwrap()
    }

    fn info(state: GrantState) -> GrantInfo {
        GrantInfo {
            state,
            parent: None,
            supersedes: None,
            binding: false,
            terms: some_terms(),
            terms_hash: [0; 32],
            active_since: None,
            ended: None,
            last_report: 0,
            reported_until: 0,
            used: Usage::default(),
            used_in_all: Usage::default(),
            head: SubjectHead::default(),
        }
    }

    #[test]
    fn terms_are_told_in_words() {
        let lines = terms(&some_terms(), &Codes::built_in());
        let value = |name: &str| lines.iter().find(|(found, _)| *found == name).unwrap().1.as_str();
        assert_eq!(value("data"), "dataset 7, all versions, also those to come");
        assert_eq!(value("may"), "read, derive");
        assert_eq!(value("for"), "dpv:AcademicResearch");
        assert_eq!(value("time"), "from 2026-01-01T00:00:00Z, until before 2027-01-01T00:00:00Z");
        assert_eq!(value("limit"), "1000 accesses in all");
        assert_eq!(value("price"), "free");
        assert_eq!(value("passing on"), "not allowed");
        assert_eq!(value("legal basis"), "ru152-6-1-9");
        assert_eq!(value("recipients"), "nobody else");
        assert!(value("agreement").starts_with("ODRL 0x"));
    }

    #[test]
    fn texts_of_others_cannot_steer_the_terminal() {
        let mut some = some_terms();
        some.withdrawal = Some(b"\x1b[2Jhttps://example.org".to_vec().try_into().unwrap());
        let all: String = terms(&some, &Codes::built_in()).into_iter().map(|(_, value)| value).collect();
        assert!(all.contains("\\u{1b}[2Jhttps://example.org") && !all.contains('\x1b'), "{all}");
    }

    #[test]
    fn versions_are_told_in_words() {
        for (first, last, words) in [
            (1, None, "all versions, also those to come"),
            (3, None, "all versions from 3 on, also those to come"),
            (3, Some(3), "version 3 only"),
            (1, Some(3), "versions 1 to 3"),
        ] {
            assert_eq!(versions(&Versions { first, last, content: None }), words);
        }
    }

    #[test]
    fn prices_are_told_in_words() {
        let fixed = Price::Fixed { currency: 1, amount: 500 };
        assert_eq!(price(&fixed), "500 of the smallest unit of currency 1, paid when it begins");
        let rent = Price::PerPeriod { currency: 1, amount: 500, period: 86_400_000 };
        assert_eq!(price(&rent), "500 of the smallest unit of currency 1 for every 1d that begins");
        let tiers = vec![Tier { above: 0, amount: 5 }, Tier { above: 10, amount: 4 }].try_into().unwrap();
        let metered =
            Price::Metered { currency: 1, unit: Unit::Byte, per: 1000, tiers, dispute_window: 7 * 86_400_000 };
        assert_eq!(
            price(&metered),
            "for every 1000 bytes: 5 of the smallest unit of currency 1, 4 of the smallest unit of currency 1 above 10; \
             statements can be disputed for 7d"
        );
    }

    #[test]
    fn time_and_use_decide_on_the_standing() {
        let mut active = info(GrantState::Active);
        let (begin, end) = (active.terms.not_before, active.terms.not_after);
        assert_eq!(standing(&active, begin - 1), "active, but it begins at 2026-01-01T00:00:00Z only");
        assert_eq!(standing(&active, begin), "active");
        assert_eq!(standing(&active, end - 1), "active");
        assert_eq!(standing(&active, end), "active, but expired at 2027-01-01T00:00:00Z");
        active.used_in_all.accesses = 1000;
        assert_eq!(standing(&active, begin), "active, but used up");
        assert_eq!(standing(&info(GrantState::Revoked), end), "revoked");
        assert!(standing(&info(GrantState::Offered), begin).contains("the consumer accepts"));
        let binding = GrantInfo { binding: true, ..info(GrantState::Offered) };
        assert_eq!(standing(&binding, begin), "offered; accepting is enough");
    }

    #[test]
    fn an_active_grant_may_stand_on_one_that_is_not() {
        let own = info(GrantState::Active);
        let now = own.terms.not_before;
        let on = |states: [GrantState; 2]| {
            let [parent, first] = states.map(info);
            standing_on(&own, &[(GrantId(2), parent), (GrantId(1), first)], now)
        };
        let (active, suspended, revoked) = (GrantState::Active, GrantState::Suspended, GrantState::Revoked);
        assert_eq!(on([active, active]), "active");
        assert_eq!(on([active, revoked]), "active, but grant 1, on which it stands, is revoked");
        assert_eq!(on([suspended, revoked]), "active, but grant 2, on which it stands, is suspended");
        let ended = info(GrantState::Completed);
        assert_eq!(standing_on(&ended, &[(GrantId(1), info(revoked))], now), "completed");
    }

    #[test]
    fn records_are_told_in_words() {
        let grant = GrantId(5);
        let offered = |parent, supersedes, binding| {
            happened(&Body::GrantOffered { grant, parent, supersedes, binding, terms: some_terms() })
        };
        assert_eq!(offered(None, None, false), "offered");
        let words = offered(Some(GrantId(3)), Some(GrantId(4)), true);
        assert_eq!(words, "offered, bindingly, standing on grant 3, in place of grant 4");
        let note = b"the \"sensor\" was\nwrong".to_vec().try_into().unwrap();
        let (state, reason) = (GrantState::Suspended, ReasonCode::DataFaulty);
        let words = happened(&Body::GrantStateChanged { grant, state, reason, note });
        assert_eq!(words, "suspended (data_faulty): \"the \\\"sensor\\\" was\\nwrong\"");
        let words = happened(&Body::GrantAdvanced { grant, state: GrantState::Agreed, terms: [0; 32] });
        assert_eq!(words, "agreed");
    }
}
