using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Features.UploadReply;

/// <param name="Practice">Only where its name may be shown to somebody who has not given a date of birth.</param>
/// <param name="IsNeutral">Nothing about health either.</param>
public sealed record NoCookies(Practice? Practice, bool IsNeutral);
