//! The columns of each table of the EMIS Web extract, as each version of its specification has them.

/// A version that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Specification {
    /// April 2016: every row repeats the sharing agreement.
    V52,
    /// September 2016.
    V54,
    /// April 2021: observations without text.
    V71,
    /// April 2024: episodes.
    V81,
}

impl Specification {
    /// Every version that can be made.
    pub const ALL: [Specification; 4] = [Specification::V52, Specification::V54, Specification::V71, Specification::V81];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Specification::V52 => "5.2",
            Specification::V54 => "5.4",
            Specification::V71 => "7.1",
            Specification::V81 => "8.1",
        }
    }
}

/// A table that is made. The reader has a list of its own, so that a name misspelt in one is not misspelt in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// `Admin_Organisation`
    Organisation,
    /// `Admin_Patient`
    Patient,
    /// `Coding_ClinicalCode`
    ClinicalCode,
    /// `Coding_DrugCode`
    DrugCode,
    /// `CareRecord_Observation`
    Observation,
    /// `Prescribing_IssueRecord`
    Issue,
}

const ORGANISATION: &str = "OrganisationGuid,CDB,OrganisationName,ODSCode,ParentOrganisationGuid,CCGOrganisationGuid,OrganisationType,OpenDate,CloseDate,MainLocationGuid";
const PATIENT: &str = "PatientGuid,OrganisationGuid,UsualGpUserInRoleGuid,Sex,DateOfBirth,DateOfDeath,Title,GivenName,MiddleNames,Surname,\
    DateOfRegistration,NhsNumber,PatientNumber,PatientTypeDescription,DummyType,HouseNameFlatNumber,NumberAndStreet,Village,Town,County,Postcode,\
    ResidentialInstituteCode,NHSNumberStatus,CarerName,CarerRelation,PersonGuid,DateOfDeactivation,Deleted,SpineSensitive,IsConfidential,\
    EmailAddress,HomePhone,MobilePhone,ExternalUsualGPGuid,ExternalUsualGP,ExternalUsualGPOrganisation";
const OBSERVATION: &str = "ObservationGuid,PatientGuid,OrganisationGuid,EffectiveDate,EffectiveDatePrecision,EnteredDate,EnteredTime,\
    ClinicianUserInRoleGuid,EnteredByUserInRoleGuid,ParentObservationGuid,CodeId,ProblemGuid,AssociatedText,ConsultationGuid,Value,NumericUnit,\
    ObservationType,NumericRangeLow,NumericRangeHigh,DocumentGuid,Qualifiers,Abnormal,AbnormalReason,Episode,Deleted,IsConfidential";
const CLINICAL_CODE: &str = "CodeId,Term,ReadTermId,SnomedCTConceptId,SnomedCTDescriptionId,NationalCode,NationalCodeCategory,NationalDescription,\
    EmisCodeCategoryDescription,ParentCodeId";
const DRUG_CODE: &str = "CodeId,Term,DmdProductCodeId,BNFChapterRef";
const ISSUE: &str = "IssueRecordGuid,PatientGuid,OrganisationGuid,DrugRecordGuid,EffectiveDate,EffectiveDatePrecision,EnteredDate,EnteredTime,\
    ClinicianUserInRoleGuid,EnteredByUserInRoleGuid,CodeId,Dosage,Quantity,QuantityUnit,ProblemObservationGuid,CourseDurationInDays,EstimatedNhsCost,\
    IsConfidential,Deleted";

/// Columns that began with a version, and with which.
const SINCE: [(&str, Specification); 6] = [
    ("ParentCodeId", Specification::V54),
    ("Qualifiers", Specification::V81),
    ("Abnormal", Specification::V81),
    ("AbnormalReason", Specification::V81),
    ("Episode", Specification::V81),
    ("BNFChapterRef", Specification::V81),
];

impl Table {
    /// Every table.
    pub const ALL: [Table; 6] =
        [Table::Organisation, Table::Patient, Table::ClinicalCode, Table::DrugCode, Table::Observation, Table::Issue];

    /// As it stands in the names of files.
    pub fn word(self) -> &'static str {
        match self {
            Table::Organisation => "Admin_Organisation",
            Table::Patient => "Admin_Patient",
            Table::ClinicalCode => "Coding_ClinicalCode",
            Table::DrugCode => "Coding_DrugCode",
            Table::Observation => "CareRecord_Observation",
            Table::Issue => "Prescribing_IssueRecord",
        }
    }

    /// Its header in a version. The newest spells one column otherwise.
    pub fn header(self, version: Specification) -> Vec<&'static str> {
        let all = match self {
            Table::Organisation => ORGANISATION,
            Table::Patient => PATIENT,
            Table::ClinicalCode => CLINICAL_CODE,
            Table::DrugCode => DRUG_CODE,
            Table::Observation => OBSERVATION,
            Table::Issue => ISSUE,
        };
        let is_there = |column: &&str| {
            let begun = SINCE.iter().find(|(name, _)| name == column).is_none_or(|(_, since)| version >= *since);
            // Taken out with 7.1, and back with 8.0.
            begun && !(*column == "AssociatedText" && version == Specification::V71)
        };
        let mut header: Vec<&'static str> = all.split(',').map(str::trim).filter(is_there).collect();
        if version == Specification::V81 {
            for column in &mut header {
                if *column == "DateOfDeactivation" {
                    *column = "DateofDeactivation";
                }
            }
        }
        if version == Specification::V52 && !matches!(self, Table::ClinicalCode | Table::DrugCode) {
            header.push("AgreementGuid");
        }
        header.push("ProcessingId");
        header
    }
}
