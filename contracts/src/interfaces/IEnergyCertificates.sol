// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Certified generation as ERC-1155: one unit is one Wh that a day of a community certified (PROTOCOL 7.2).
/// @notice `EnergyMarket` alone mints, with the settlement of the day and to those who hold the Wh after the day's trades. A unit is
/// transferred like any token of the kind and is gone once it is retired. Ids of self-declared communities have the top bit set, so that
/// nobody takes a household's own word for an admitter's.
interface IEnergyCertificates {
    event Retired(uint256 indexed id, address indexed owner, uint256 wattHours, bytes32 indexed beneficiaryHash);

    error NotEnergyMarket(address caller);
    error LengthsDiffer(uint256 accounts, uint256 amounts);
    error NothingToRetire();

    /// @notice Mints Wh of one id to several accounts. `EnergyMarket` only. Accounts are not called: a contract that holds an operator's
    /// place cannot stop the day of its community.
    function mint(uint256 id, address[] calldata accounts, uint256[] calldata wattHours) external;

    /// @notice Destroys the caller's Wh for good in somebody's name.
    /// @param beneficiaryHash keccak256 of the text that says for whom; the text itself stays with the caller.
    function retire(uint256 id, uint256 wattHours, bytes32 beneficiaryHash) external;

    /// @notice Id of what a day of a community certified.
    function idOf(bytes32 community, uint32 day, bool selfDeclared) external pure returns (uint256);

    function isSelfDeclared(uint256 id) external pure returns (bool);

    function mintedWh(uint256 id) external view returns (uint256);

    function retiredWh(uint256 id) external view returns (uint256);
}
