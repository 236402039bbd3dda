using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Features.Desk;

/// <summary>Whether a conversation is with the patient who is searched for, under the name that they had when it was sent.</summary>
public static class PatientMatch
{
    public static bool Of(ConversationSummary row, PatientQuery query) => query switch
    {
        PatientQuery.ByNhsNumber by => row.NhsNumber == by.NhsNumber.Value,
        PatientQuery.ByName by => PatientName.Matches(PatientName.SearchKey(row.PatientName, ""), by),
        _ => true,
    };
}
