namespace PatientResponse.Tests.Processes.Faults;

/// <summary>Where something can be made to happen to a process, at the very bytes: before they pass on.</summary>
internal enum Point
{
    /// <summary>A transaction is about to be committed.</summary>
    CommitComes,

    /// <summary>It is committed, and the process does not know it yet.</summary>
    CommitDone,

    /// <summary>The carrier is about to be given an SMS.</summary>
    CarrierAsked,

    /// <summary>It has taken it, and the process does not know it yet.</summary>
    CarrierAnswers,
    RelayAsked,
    RelayAnswers,
    ScannerAsked,
    ScannerAnswers,
    StoreAsked,
    StoreAnswers,

    /// <summary>Half of a patient's file has arrived.</summary>
    HalfUploaded,
}
