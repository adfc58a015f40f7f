use crate::{mock::*, Codes, Error, Event};
use citynet_primitives::{
    Author, Body, CodeList, LegalBasisCode, OrganisationId, Subject, Terms, Text, LEGAL_BASES, PURPOSES,
};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

const LISTS: [CodeList; 2] = [CodeList::Purpose, CodeList::LegalBasis];

fn add(list: CodeList, code: u16) -> DispatchResult {
    Grants::add_code(RuntimeOrigin::root(), list, code, name())
}

fn name() -> Text<64> {
    text("dpv:NonCommercialResearch")
}

#[test]
fn adds() {
    for list in LISTS {
        ExtBuilder::default().run(|| {
            assert_ok!(add(list, 500));
            let entry = MockJournal::last().unwrap();
            assert_eq!(entry.record.body, Body::CodeAdded { list, code: 500, name: name() });
            let author = Author { organisation: entry.record.organisation, account: entry.record.account };
            assert_eq!(author, Author::CHAIN);
            assert_eq!(entry.subjects.to_vec(), [Subject::Organisation(OrganisationId::CONSORTIUM)]);
            assert_eq!(last_event(), Event::CodeAdded { list, code: 500, record: entry.record.index });
            assert_eq!(Codes::<Test>::get(list, 500), Some(name()));
        });
    }
}

#[test]
fn terms_can_name_what_was_added() {
    ExtBuilder::default().run(|| {
        let with_purpose = || Terms { purposes: purposes(&[2, 500]), ..terms() };
        let with_basis = || Terms { legal_basis: Some(LegalBasisCode(500)), ..terms() };
        let offer = |terms: Terms| Grants::offer(signed(registrar(CITY)), Box::new(terms), true, None, None);
        assert_ok!(add(CodeList::LegalBasis, 500));
        assert_noop!(offer(with_purpose()), Error::<Test>::UnknownPurpose);
        assert_ok!(offer(with_basis()));
        assert_ok!(add(CodeList::Purpose, 500));
        assert_ok!(offer(with_purpose()));
    });
}

#[test]
fn refuses() {
    ExtBuilder::default().run(|| {
        let call = |origin, name| Grants::add_code(origin, CodeList::Purpose, 500, name);
        assert_noop!(call(RuntimeOrigin::none(), name()), DispatchError::BadOrigin);
        assert_noop!(call(signed(registrar(CITY)), name()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root(), text("")), Error::<Test>::InvalidText);
        assert_noop!(call(RuntimeOrigin::root(), bytes(&[0xff])), Error::<Test>::InvalidText);
        MockJournal::fail(true);
        assert_noop!(call(RuntimeOrigin::root(), name()), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(call(RuntimeOrigin::root(), name()));
        assert_noop!(call(RuntimeOrigin::root(), name()), Error::<Test>::CodeExists);
    });
}

#[test]
fn numbers_are_given_once() {
    ExtBuilder::default().run(|| {
        for (code, _) in PURPOSES {
            assert_noop!(add(CodeList::Purpose, code.0), Error::<Test>::CodeExists);
        }
        for (code, _) in LEGAL_BASES {
            assert_noop!(add(CodeList::LegalBasis, code.0), Error::<Test>::CodeExists);
        }
    });
}

#[test]
fn lists_are_complete_and_ascend() {
    ExtBuilder::default().run(|| {
        for (list, born_with) in [(CodeList::Purpose, PURPOSES.len()), (CodeList::LegalBasis, LEGAL_BASES.len())] {
            let free = (0..1_000).filter(|code| !Grants::has_code(list, *code));
            let added: Vec<u16> = free.take(3).chain([60_000, 999]).collect();
            for code in &added {
                assert_ok!(add(list, *code));
            }
            let codes = Grants::codes(list);
            assert_eq!(codes.len(), born_with + added.len());
            assert!(codes.is_sorted_by(|(one, _), (next, _)| one < next));
            assert!(added.iter().all(|code| codes.contains(&(*code, name()))));
        }
        assert!(Grants::codes(CodeList::Purpose).contains(&(2, text("dpv:AcademicResearch"))));
        assert!(Grants::codes(CodeList::LegalBasis).contains(&(109, text("ru152-6-1-9"))));
    });
}
